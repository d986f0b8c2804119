/**
 * Waits until a signalling server on another origin says the same as the page. One that does not answer is told once and asked
 * again, as the channel does it later: the text of `signaling-unreachable` promises that.
 */
import type { PublicConfiguration } from '../../configuration.ts';
import { ConsultError } from '../../errors.ts';
import { Backoff } from '../../signaling/backoff.ts';
import { compareConfigurations } from './setup.ts';

export interface AgreementOptions {
  readonly signaling: URL;
  readonly shown: PublicConfiguration;
  /** Whoever left does not wait any longer. */
  readonly signal: AbortSignal;
  readonly backoff?: Backoff;
  onUnreachable(): void;
}

/** @throws {ConsultError} `configuration-mismatch`; `signaling-unreachable` once the signal is aborted */
export async function agree(o: AgreementOptions): Promise<void> {
  const backoff = o.backoff ?? new Backoff();
  let told = false;
  for (;;) {
    try {
      await compareConfigurations(o.signaling, o.shown);
      // Nothing may be opened after somebody left.
      if (o.signal.aborted) throw new ConsultError('signaling-unreachable');
      return;
    } catch (error: unknown) {
      const unanswered = error instanceof ConsultError && error.code === 'signaling-unreachable';
      if (!unanswered || o.signal.aborted) throw error;
      if (!told) o.onUnreachable();
      told = true;
      await pause(backoff.next(), o.signal);
      if (o.signal.aborted) throw error;
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
