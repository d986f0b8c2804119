/**
 * Forecasts before a session whether a direct connection is likely: starts after the devices were opened, ends with
 * that screen.
 */
import type { PublicConfiguration } from '../../configuration.ts';
import { forecast, type Forecast } from '../../peer/forecast.ts';
import { mendWebRtc } from '../../peer/webrtc-adapter.ts';

export class PathForecaster {
  readonly #stun: readonly { readonly urls: readonly string[] }[];
  readonly #report: (result: Forecast) => void;
  #abort = new AbortController();

  constructor({ servers }: PublicConfiguration, report: (result: Forecast) => void) {
    this.#stun = servers.filter((server) => server.role === 'stun').map(({ urls }) => ({ urls }));
    this.#report = report;
  }

  start(): void {
    const { signal } = this.#abort;
    void this.#forecast(signal).then((result) => (signal.aborted ? undefined : this.#report(result)));
  }

  /** Without what mends this browser, nothing is known about the path. */
  async #forecast(signal: AbortSignal): Promise<Forecast> {
    const mended = await mendWebRtc().then(
      () => true,
      () => false,
    );
    return mended ? forecast({ stun: this.#stun, signal }) : 'unknown';
  }

  stop(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
  }
}
