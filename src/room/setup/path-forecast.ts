/** The look ahead before a session: asked once after the devices, and stopped as soon as the person goes on. */
import type { PublicConfiguration } from '../../configuration.ts';
import { forecast, type Forecast } from '../../peer/forecast.ts';

export class Outlook {
  readonly #stun: readonly { readonly urls: readonly string[] }[];
  readonly #report: (result: Forecast) => void;
  #looking = new AbortController();

  constructor({ servers }: PublicConfiguration, report: (result: Forecast) => void) {
    this.#stun = servers.filter((server) => server.role === 'stun').map(({ urls }) => ({ urls }));
    this.#report = report;
  }

  look(): void {
    const { signal } = this.#looking;
    void forecast({ stun: this.#stun, signal }).then((result) => (signal.aborted ? undefined : this.#report(result)));
  }

  stop(): void {
    this.#looking.abort();
    this.#looking = new AbortController();
  }
}
