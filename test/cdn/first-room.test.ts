/** The room of the CDN entry, whose other elements come late: what the page may do until then. */
import { expect, fixture } from '@open-wc/testing';
import { html } from 'lit';
import { FirstRoom } from '../../src/cdn/first-room.ts';
import { define } from '../../src/define.ts';
import { de } from '../../src/locales/de.ts';
import type { RoomInterface } from '../../src/room/room.ts';
import { everything, settled, textOf } from '../support/element-suite.ts';
import { FakeRoom, snapshot } from '../support/room-fixture.ts';
import { waitUntil } from '../support/wait-until.ts';

const room = new FakeRoom(snapshot.notice());

class TestRoom extends FirstRoom {
  protected override createRoom(): RoomInterface {
    return room;
  }
}

describe('the room of the CDN entry', () => {
  it('never renders an element of the page that was defined while ours were late, and tells the site', async () => {
    define(TestRoom);
    const element = await fixture<TestRoom>(html`<consult-room lang="de"></consult-room>`);
    await settled(element);
    expect(element.phase).to.equal('notice');
    customElements.define('participant-tile', class extends HTMLElement {});
    const codes: string[] = [];
    element.addEventListener('consult-error', ({ detail }) => codes.push(detail.code));
    const lines: string[] = [];
    const { error } = console;
    console.error = (...words: unknown[]) => lines.push(words.join(' '));
    try {
      room.set(snapshot.devices());
      await waitUntil(() => textOf(element).includes(de['error.element-name-taken']), 'said');
    } finally {
      console.error = error;
    }
    expect(codes).to.deep.equal(['element-name-taken']);
    expect(lines.join()).to.include('participant-tile');
    const tags = [...everything(element.renderRoot)].map(({ localName }) => localName);
    expect(tags).to.not.include('device-check');
    expect([element.phase, element.room]).to.deep.equal(['failed', undefined]);
    expect(room.calls.at(-1)).to.deep.equal(['leave']);
  });
});
