import { expect } from '@open-wc/testing';
import { html, type LitElement } from 'lit';
import { RoomCode } from '../../src/elements/room-code/room-code.ts';
import { ConsultError, type CodeEntry, type ErrorCode } from '../../src/room/room.ts';
import { byPart, elementSuite, settled, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { FakeRoom } from '../support/room-fixture.ts';
import { waitUntil } from '../support/wait-until.ts';

/** What the element asked for, and what a test answers. */
interface Exchange {
  readonly entries: CodeEntry[];
  readonly opened: string[];
  resolve(invite: string): void;
  reject(code: ErrorCode): void;
}

/** Puts a test in the place of the server, and of the browser's navigation. */
function scripted(element: LitElement): Exchange {
  const entries: CodeEntry[] = [];
  const opened: string[] = [];
  const settle: { resolve(invite: string): void; reject(error: unknown): void }[] = [];
  Object.assign(element, {
    enter: (entry: CodeEntry) => {
      entries.push(entry);
      return new Promise<string>((resolve, reject) => settle.push({ resolve, reject }));
    },
    open: (page: URL) => void opened.push(page.href),
  });
  return {
    entries,
    opened,
    resolve: (invite) => settle.at(-1)!.resolve(invite),
    reject: (code) => settle.at(-1)!.reject(new ConsultError(code)),
  };
}

const plain: ElementCase = { name: 'before', room: () => new FakeRoom() };
const field = (element: LitElement) => byPart(element, 'code-input') as HTMLInputElement;

function type(element: LitElement, text: string): void {
  field(element).value = text;
  field(element).dispatchEvent(new InputEvent('input', { bubbles: true }));
}

async function submit(element: LitElement, text: string): Promise<void> {
  type(element, text);
  byPart(element, 'code-button').click();
  await settled(element);
}

const running = (name: string, act: (exchange: Exchange, element: LitElement) => void): ElementCase => ({
  ...plain,
  name,
  prepare: async (element) => {
    const exchange = scripted(element);
    await submit(element, 'K7M-2QX-9TD');
    act(exchange, element);
    await settled(element);
  },
});

const status = (element: LitElement) => element.renderRoot.querySelector('[role="status"]')?.textContent.trim();

describe('<room-code>', () => {
  elementSuite(RoomCode, [
    plain,
    running('waiting', ({ entries }) => entries[0]?.onProgress?.({ step: 'waiting' })),
    running('wrong', ({ reject }) => reject('code-wrong')),
  ]);

  it('has a named field for codes that no browser stores or corrects', async () => {
    const element = await show(RoomCode, plain);
    const input = field(element);
    expect(element.renderRoot.querySelector('label')?.control).to.equal(input);
    const attributes = ['inputmode', 'autocapitalize', 'autocomplete', 'spellcheck', 'enterkeyhint'];
    expect(attributes.map((name) => input.getAttribute(name))).to.deep.equal([
      'text',
      'characters',
      'off',
      'false',
      'go',
    ]);
  });

  it('asks nobody before the code is submitted, and then opens the page with the invite', async () => {
    const element = await show(RoomCode, {
      ...plain,
      template: html`<room-code room-url="/room.html?lang=de#old" signaling="wss://signal.example/signal"></room-code>`,
    });
    const exchange = scripted(element);
    type(element, 'k7m 2qx 9td');
    expect(exchange.entries).to.deep.equal([]);
    await submit(element, 'k7m 2qx 9td');
    expect(exchange.entries[0]).to.include({ typed: 'k7m 2qx 9td', signaling: 'wss://signal.example/signal' });
    exchange.resolve('#consult=abc');
    await waitUntil(() => exchange.opened.length > 0);
    expect(exchange.opened).to.deep.equal([`${location.origin}/room.html?lang=de#consult=abc`]);
    await settled(element);
    expect(status(element)).to.equal('');
    expect(field(element).value).to.equal('');
  });

  it('stays where this page takes the invite', async () => {
    const element = await show(RoomCode, plain);
    const exchange = scripted(element);
    await submit(element, 'K7M-2QX-9TD');
    exchange.resolve('#consult=abc');
    await waitUntil(() => exchange.opened.length > 0);
    expect(exchange.opened).to.deep.equal([`${location.href.split('#')[0]!}#consult=abc`]);
    await settled(element);
    expect(status(element)).to.equal('');
  });

  it('says what it waits for, once each, and stops on request', async () => {
    const element = await show(RoomCode, plain);
    const exchange = scripted(element);
    await submit(element, 'K7M-2QX-9TD');
    const said = [status(element)];
    for (const progress of [
      { step: 'checking' },
      { step: 'waiting' },
      { step: 'unreachable', code: 'signaling-unreachable' },
    ] as const) {
      exchange.entries[0]!.onProgress?.(progress);
      await settled(element);
      said.push(status(element));
    }
    expect(said[0]).to.equal(said[1]);
    expect(said[2]).to.include('noch nicht da');
    expect(said[3]).to.include('Server');
    expect(field(element).readOnly).to.equal(true);
    byPart(element, 'stop-button').click();
    await settled(element);
    expect(exchange.entries[0]!.signal?.aborted).to.equal(true);
    expect(element.shadowRoot?.activeElement).to.equal(field(element));
    // What comes afterwards is of no interest any more.
    exchange.resolve('#consult=late');
    await settled(element);
    expect([exchange.opened.length, status(element)]).to.deep.equal([0, '']);
  });

  for (const code of [
    'code-invalid',
    'code-wrong',
    'code-used-up',
    'code-busy',
    'code-unanswered',
    'invite-expired',
    'room-full',
  ] as const)
    it(`says what to do after ${code}, keeps what was typed, and tells the page the code`, async () => {
      const element = await show(RoomCode, plain);
      const exchange = scripted(element);
      const errors: unknown[] = [];
      element.addEventListener('consult-error', (event) => errors.push((event as CustomEvent).detail.code));
      await submit(element, 'K7M-2QX-9TX');
      exchange.reject(code);
      await waitUntil(() => errors.length > 0);
      await settled(element);
      const alert = element.renderRoot.querySelector('[role="alert"]');
      expect(alert?.querySelectorAll('p').length).to.equal(2);
      expect(errors).to.deep.equal([code]);
      expect(field(element).value).to.equal('K7M-2QX-9TX');
      expect(field(element).getAttribute('aria-invalid')).to.equal('true');
      await waitUntil(() => element.shadowRoot?.activeElement === field(element));
      type(element, 'K7M-2QX-9TD');
      await settled(element);
      expect(element.renderRoot.querySelector('[role="alert"]')).to.equal(null);
    });

  it('stops when it is removed, and shows nothing where there is no server', async () => {
    const element = await show(RoomCode, plain);
    const exchange = scripted(element);
    await submit(element, 'K7M-2QX-9TD');
    element.remove();
    expect(exchange.entries[0]!.signal?.aborted).to.equal(true);
    const alone = await show(RoomCode, { ...plain, template: html`<room-code signaling="broadcast:"></room-code>` });
    expect(textOf(alone)).to.equal('');
  });
});
