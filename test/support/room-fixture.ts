/** `consult-room/testing`, and a provider to render elements inside one of its rooms. */
import { ContextProvider } from '@lit/context';
import { html, LitElement, type TemplateResult } from 'lit';
import { fixture } from '@open-wc/testing';
import { roomContext } from '../../src/context.ts';
import type { RoomInterface } from '../../src/room/room.ts';
import { stopDrawnCameras } from '../../src/testing/testing.ts';

export * from '../../src/testing/testing.ts';

// Each draws on in the background and would slow the tests after it.
afterEach(stopDrawnCameras);

/** Provides a room to whatever stands inside it. */
export class RoomProvider extends LitElement {
  readonly #provider = new ContextProvider(this, { context: roomContext });

  set room(room: RoomInterface) {
    this.#provider.setValue(room);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
if (!customElements.get('test-room-provider')) customElements.define('test-room-provider', RoomProvider);

/** Renders a template inside a provider of the room and waits for its first element. */
export async function inRoom<T extends LitElement>(
  room: RoomInterface,
  template: TemplateResult,
  lang = 'de',
): Promise<T> {
  const provider = await fixture<HTMLElement>(
    html`<test-room-provider lang=${lang} .room=${room}><div>${template}</div></test-room-provider>`,
  );
  const element = provider.firstElementChild?.firstElementChild as T;
  await element.updateComplete;
  return element;
}
