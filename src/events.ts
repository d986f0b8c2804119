/** The public events of `<consult-room>`. They bubble, are composed, and carry neither names nor content. */
import type { ErrorCode } from './errors.ts';
import type { Path, Phase, Receipt } from './room/room.ts';

export interface ConsultEventDetails {
  'consult-phase': { readonly phase: Phase; readonly previous: Phase };
  'consult-participant': { readonly id: string; readonly change: 'joined' | 'left' | 'updated' };
  'consult-path': { readonly id: string; readonly path: Path };
  'consult-consent': { readonly receipt: Receipt };
  'consult-error': { readonly code: ErrorCode; readonly message: string };
}

export type ConsultEventName = keyof ConsultEventDetails;

export function dispatchConsultEvent<K extends ConsultEventName>(
  target: EventTarget,
  type: K,
  detail: ConsultEventDetails[K],
): void {
  target.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
}

declare global {
  interface HTMLElementEventMap {
    'consult-phase': CustomEvent<ConsultEventDetails['consult-phase']>;
    'consult-participant': CustomEvent<ConsultEventDetails['consult-participant']>;
    'consult-path': CustomEvent<ConsultEventDetails['consult-path']>;
    'consult-consent': CustomEvent<ConsultEventDetails['consult-consent']>;
    'consult-error': CustomEvent<ConsultEventDetails['consult-error']>;
  }
}
