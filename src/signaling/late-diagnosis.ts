/** The diagnosis of a server that does not answer, loaded when a first attempt has failed: most calls never need it. */
import { part } from '../util/part.ts';
import { PolicyViolations } from '../util/policy-violations.ts';
import type { DiagnosisOptions, SignalingDiagnosis, SignalingFault } from './diagnosis.ts';

const loadDiagnosis = part(() => import('./diagnosis.ts'));

/** Milliseconds; the network that the server cannot be reached by is often the one that this comes by. */
const LOADED_WITHIN = 8_000;

export class LateDiagnosis implements Pick<SignalingDiagnosis, 'next' | 'close'> {
  readonly #socket: URL;
  readonly #o: DiagnosisOptions;
  readonly #violations = new PolicyViolations();
  #whole: SignalingDiagnosis | null = null;

  /** As {@link SignalingDiagnosis}. */
  constructor(socket: URL, o: DiagnosisOptions = {}) {
    this.#socket = socket;
    this.#o = o;
  }

  /** Call it after each failed attempt. Never rejects. Where the cause cannot be found out, it is only that nothing answers. */
  async next(): Promise<SignalingFault> {
    const whole = await this.#load().catch(() => null);
    if (whole) return whole.next();
    const { navigator } = globalThis as { readonly navigator?: Partial<Navigator> };
    const code = navigator?.onLine === false ? 'device-offline' : 'signaling-unreachable';
    return { code, detail: '', outlook: 'open' };
  }

  close(): void {
    this.#violations.close();
  }

  async #load(): Promise<SignalingDiagnosis> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('late')), LOADED_WITHIN);
    });
    const { SignalingDiagnosis } = await Promise.race([loadDiagnosis(), late]).finally(() => clearTimeout(timer));
    this.#whole ??= new SignalingDiagnosis(this.#socket, { ...this.#o, violations: this.#violations });
    return this.#whole;
  }
}
