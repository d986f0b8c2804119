/** PostHog with its recorder inside, to a server that answers as PostHog's does. */
import { posthog } from 'posthog-js/dist/module.full.no-external';

const start = () => {
  posthog.init('phc_test', {
    api_host: `${location.origin}/collect/posthog`,
    disable_compression: true,
    autocapture: true,
    // A headless browser is a robot to it.
    opt_out_useragent_filter: true,
    persistence: 'memory',
    person_profiles: 'always',
    session_recording: { maskAllInputs: false, compress_events: false, captureCanvas: { recordCanvas: true } },
  });
};
Object.assign(window, { startTool: start });
