import {
  Component,
  computed,
  CUSTOM_ELEMENTS_SCHEMA,
  type ElementRef,
  inject,
  InjectionToken,
  signal,
  viewChild,
} from '@angular/core';
import type { ConsultRoom } from 'consult-room/elements';
import type { ErrorCode, Phase } from 'consult-room/room';

export const CONFIG = new InjectionToken<unknown>('config');

@Component({
  selector: 'site-page',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <main>
      <h1>Beratung</h1>
      <output id="phases">{{ phases().join(' ') }}</output>
      <output id="codes">{{ codes().join(' ') }}</output>
      <button id="again" (click)="turn.set(turn() + 1)">{{ turn() }}</button>
      <button id="leave" (click)="element().nativeElement.room?.leave()">Gehen</button>
      <consult-room
        #room
        lang="de"
        [class]="'turn-' + turn()"
        [config]="config"
        [hostToken]="hostToken"
        [attr.exit-href]="'https://www.wetter.example/' + turn()"
        (consult-phase)="note($event.detail.phase)"
        (consult-error)="report($event.detail.code)"
      >
        @if (ended()) {
          <p slot="ended" id="goodbye">Bis bald, {{ phases().length }}</p>
        }
      </consult-room>
    </main>
  `,
})
export class Page {
  protected readonly config = inject(CONFIG);
  protected readonly element = viewChild.required<ElementRef<ConsultRoom>>('room');
  protected readonly phases = signal<readonly Phase[]>([]);
  protected readonly codes = signal<readonly ErrorCode[]>([]);
  protected readonly turn = signal(0);
  protected readonly ended = computed(() => this.phases().at(-1) === 'ended');
  protected readonly hostToken = async (): Promise<string> => `host.token.${this.turn()}`;

  protected note(phase: Phase): void {
    this.phases.update((before) => [...before, phase]);
  }

  protected report(code: ErrorCode): void {
    this.codes.update((before) => [...before, code]);
  }
}
