/** The screens that stand for the late ones in the CDN folder: nothing until these are there, then the same. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nothing, type LitElement, type TemplateResult } from 'lit';
import {
  DirectOffer,
  QualityChoice,
  renderDeclarations,
  renderHandOverWord,
  renderHostWord,
  renderNoConnection,
  renderPaused,
  renderRelayPending,
  renderRelayState,
  renderSidePanel,
} from '../../src/cdn/late-screens.ts';
import { loadTrouble } from '../../src/cdn/load-trouble.ts';
import { screens as whole } from '../../src/cdn/trouble-part.ts';
import { isSession, type RoomState, type SessionState } from '../../src/room/state/state.ts';
import { FakeRoom, participant, snapshot } from '../../src/testing/testing.ts';
import type { Texts } from '../../src/ui/texts.ts';

function session(state: RoomState): SessionState {
  assert.ok(isSession(state));
  return state;
}

const texts = { term: (key: string) => key, list: (items: readonly string[]) => items.join() } as unknown as Texts;
const host = { requestUpdate: () => undefined } as unknown as LitElement;
const room = new FakeRoom();
const relayed = participant({ relay: { step: 'granted', direct: 'found' }, quality: 'weak' });
const weak = session(snapshot.active({ participants: [relayed] }));
const muted = session(snapshot.active({ hostAbout: 'muted' }));
const asked = session(snapshot.active({ handOver: { step: 'asked', id: 'q', as: 'now' } }));
const alone = session(
  snapshot.connecting({ participants: [participant({ connection: 'failed', relay: { step: 'declined' } })] }),
);
const waits = session(
  snapshot.connecting({
    participants: [participant({ connection: 'failed', relay: { step: 'asked', ours: 'yes', theirs: 'open' } })],
  }),
);
const paused = snapshot.paused('privacy') as Extract<RoomState, { phase: 'paused' }>;
const leave = (): void => undefined;
const act = { acknowledge: leave, takeOut: leave, remove: leave };

describe('the late screens of the CDN folder', () => {
  it('render nothing until they are there, and then what the whole ones do', async () => {
    const direct = new DirectOffer(host, texts);
    const quality = new QualityChoice(host, texts);
    const all = (from: Omit<typeof whole, 'DirectOffer' | 'QualityChoice'>): readonly unknown[] => [
      from.renderDeclarations(texts, { role: 'guest', ours: null, others: [relayed], leaving: null }, act),
      from.renderHandOverWord(texts, asked, room),
      from.renderHostWord(texts, muted, room),
      from.renderNoConnection(texts, alone),
      from.renderPaused(texts, paused, room),
      from.renderRelayPending(texts, waits),
      from.renderRelayState(texts, weak, leave, 'all'),
      from.renderSidePanel(texts, 'chat', weak, { room, close: leave }),
    ];
    const late = {
      renderDeclarations,
      renderHandOverWord,
      renderHostWord,
      renderNoConnection,
      renderPaused,
      renderRelayPending,
      renderRelayState,
      renderSidePanel,
    } as Parameters<typeof all>[0];
    const choices = (): readonly unknown[] => [direct.render(weak, room), quality.render(weak, room)];
    const [declarations, handOver, hostWord, none, pause, pending, relay, panel] = all(late);
    assert.deepEqual(
      [declarations, handOver, hostWord, none, pending, relay, ...choices()],
      [nothing, nothing, nothing, null, null, nothing, nothing, nothing],
    );
    // What people wait for is loaded at once, by this mark (src/cdn/rare-elements-of-room.ts).
    for (const awaited of [pause, panel]) assert.match(String((awaited as TemplateResult).strings), /class="late"/u);
    await loadTrouble();
    const strings = (rendered: readonly unknown[]): readonly unknown[] =>
      rendered.map((one) => (one as { readonly strings?: unknown } | null)?.strings);
    assert.ok(strings(all(whole)).every(Array.isArray), 'each of these states shows its screen');
    assert.deepEqual(strings(all(late)), strings(all(whole)));
    assert.ok(strings(choices()).every(Array.isArray));
  });

  it('remember what people chose', async () => {
    await loadTrouble();
    const quality = new QualityChoice(host, texts);
    const rendered = quality.render(weak, room);
    assert.ok(rendered !== nothing && 'values' in rendered);
    const keep = rendered.values.filter((value) => typeof value === 'function').at(-1);
    (keep as () => void)();
    assert.equal(quality.render(weak, room), nothing);
  });
});
