/** Datadog RUM with session replay of everything. */
import { datadogRum } from '@datadog/browser-rum';

const start = () => {
  datadogRum.init({
    applicationId: 'application',
    clientToken: 'token',
    site: 'datadoghq.eu',
    proxy: `${location.origin}/collect/datadog`,
    sessionSampleRate: 100,
    sessionReplaySampleRate: 100,
    trackUserInteractions: true,
    defaultPrivacyLevel: 'allow',
    sessionPersistence: 'local-storage',
  });
};
Object.assign(window, { startTool: start });
