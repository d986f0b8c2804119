import { expect } from '@open-wc/testing';
import { HostTools } from '../../src/elements/host-tools/host-tools.ts';
import { POLICIES } from '../../src/policy.ts';
import type { SessionState } from '../../src/room/room.ts';
import { byPart, elementSuite, settled, show, textOf, type ElementCase } from '../support/element-suite.ts';
import { FakeRoom, participant, snapshot } from '../support/room-fixture.ts';

const mia = participant({ id: 'mia', name: 'Mia', host: false, hand: true });
const tom = participant({
  id: 'tom',
  name: 'Tom mit einem ziemlich langen Namen',
  host: false,
  break: true,
  role: 'interpreter',
  media: { microphone: false, camera: true, screen: false, paused: 'no' },
});

const one = (
  name: string,
  changes: Partial<Omit<SessionState, 'phase' | 'reason'>> = {},
): ElementCase & { readonly made: FakeRoom } => {
  const made = new FakeRoom(
    snapshot.active({ role: 'host', authority: 'host-key', participants: [mia, tom], ...changes }),
  );
  return { name, made, room: () => made };
};
const alone = new FakeRoom(snapshot.waiting({ role: 'host' }));

describe('<host-tools>', () => {
  elementSuite(HostTools, [
    one('two people'),
    one('a locked room', { locked: true }),
    one('one who was asked to lead', { handOver: { step: 'offered', id: 'mia', as: 'now' } }),
    one('a room that was handed over', { role: 'guest' }),
    {
      ...one('asking before a hand-over'),
      prepare: (element) => byPart(element, 'hand-over-button').click(),
    },
    { name: 'nobody yet', room: () => alone },
    {
      ...one('asking before a removal'),
      prepare: (element) => byPart(element, 'remove-button').click(),
    },
  ]);

  it('shows nothing to a guest', async () => {
    const room = new FakeRoom(snapshot.active({ role: 'guest', participants: [mia, tom] }));
    expect(textOf(await show(HostTools, { name: '', room: () => room }))).to.equal('');
  });

  it('says who raised a hand and who needs a break', async () => {
    const text = textOf(await show(HostTools, one('')));
    expect(text).to.match(/Mia +hebt die Hand/u);
    expect(text).to.match(/Namen +braucht eine Pause/u);
  });

  it('mutes who can be heard, and asks who cannot', async () => {
    const { made, ...rest } = one('');
    const element = await show(HostTools, rest);
    const [mute, ...more] = [...element.renderRoot.querySelectorAll<HTMLElement>('[part="mute-button"]')];
    expect(more).to.deep.equal([]);
    mute?.click();
    byPart(element, 'ask-unmute-button').click();
    byPart(element, 'mute-everyone-button').click();
    expect(made.calls).to.deep.equal([['mute', 'mia'], ['askToUnmute', 'tom'], ['muteEveryone']]);
  });

  it('locks and unlocks, and names and unnames an interpreter', async () => {
    const { made, ...rest } = one('');
    const element = await show(HostTools, rest);
    const lock = byPart(element, 'lock-button');
    const roles = [...element.renderRoot.querySelectorAll<HTMLElement>('[part="interpreter-button"]')];
    expect(roles.map(({ ariaPressed }) => ariaPressed)).to.deep.equal(['false', 'true']);
    for (const button of [lock, ...roles]) button.click();
    made.set(snapshot.active({ role: 'host', participants: [mia, tom], locked: true }));
    await settled(element);
    expect(lock.ariaPressed).to.equal('true');
    lock.click();
    expect(made.calls).to.deep.equal([
      ['lock', true],
      ['setRole', 'mia', 'interpreter'],
      ['setRole', 'tom', null],
      ['lock', false],
    ]);
  });

  it('asks before it removes a person or ends for everyone, and does nothing after a no', async () => {
    const { made, ...rest } = one('');
    const element = await show(HostTools, rest);
    const answer = (dialog: string, value: string): void =>
      byPart(element, dialog).querySelector<HTMLElement>(`[value="${value}"]`)?.click();
    for (const value of ['no', 'yes']) {
      byPart(element, 'end-button').click();
      expect(byPart<HTMLDialogElement>(element, 'end-dialog').open).to.equal(true);
      answer('end-dialog', value);
    }
    const remove = [...element.renderRoot.querySelectorAll<HTMLElement>('[part="remove-button"]')][1];
    for (const value of ['no', 'yes']) {
      remove?.click();
      await settled(element);
      expect(byPart<HTMLDialogElement>(element, 'remove-dialog').open).to.equal(true);
      expect(byPart(element, 'remove-dialog').textContent).to.include(tom.name);
      answer('remove-dialog', value);
    }
    expect(made.calls).to.deep.equal([['endForEveryone'], ['remove', 'tom']]);
  });

  it('asks before it hands the room over or names a stand-in, and does nothing after a no', async () => {
    const { made, ...rest } = one('');
    const element = await show(HostTools, rest);
    for (const part of ['hand-over-button', 'stand-in-button'])
      for (const value of ['no', 'yes']) {
        element.renderRoot.querySelectorAll<HTMLElement>(`[part="${part}"]`)[1]?.click();
        await settled(element);
        const dialog = byPart<HTMLDialogElement>(element, 'hand-over-dialog');
        expect(dialog.open).to.equal(true);
        expect(dialog.textContent).to.include(tom.name);
        dialog.querySelector<HTMLElement>(`[value="${value}"]`)?.click();
      }
    expect(made.calls).to.deep.equal([
      ['handOver', 'tom'],
      ['nameStandIn', 'tom'],
    ]);
  });

  it('names each question by its own heading', async () => {
    const element = await show(HostTools, one(''));
    for (const [button, dialog] of [
      ['end-button', 'end-dialog'],
      ['remove-button', 'remove-dialog'],
      ['hand-over-button', 'hand-over-dialog'],
    ] as const) {
      byPart(element, button).click();
      await settled(element);
      const asked = byPart<HTMLDialogElement>(element, dialog);
      expect(asked.open, dialog).to.equal(true);
      const name = element.renderRoot.querySelector(`#${asked.getAttribute('aria-labelledby')}`);
      expect(name === asked.querySelector('h2'), dialog).to.equal(true);
      asked.close();
    }
  });

  it('says who was asked and takes it back, and asks nobody else meanwhile', async () => {
    const { made, ...rest } = one('', { handOver: { step: 'offered', id: 'mia', as: 'now' } });
    const element = await show(HostTools, rest);
    expect(textOf(element)).to.include('Wir haben Mia gefragt');
    for (const button of element.renderRoot.querySelectorAll<HTMLElement>('[part="hand-over-button"]')) {
      // It keeps the focus of the one who pressed it.
      button.focus();
      expect(element.shadowRoot?.activeElement === button).to.equal(true);
      expect(button.ariaDisabled).to.equal('true');
      button.click();
    }
    await settled(element);
    expect(byPart<HTMLDialogElement>(element, 'hand-over-dialog').open).to.equal(false);
    byPart(element, 'withdraw-offer-button').click();
    expect(made.calls).to.deep.equal([['withdrawHandOver']]);
  });

  it('offers a delegate nothing to hand on, and no stand-in where the policy has none', async () => {
    const parts = async (changes: Parameters<typeof one>[1]): Promise<readonly number[]> => {
      const { renderRoot } = await show(HostTools, one('', changes));
      return ['hand-over-button', 'stand-in-button'].map(
        (part) => renderRoot.querySelectorAll(`[part="${part}"]`).length,
      );
    };
    expect(await parts({})).to.deep.equal([2, 2]);
    expect(await parts({ authority: 'delegation' })).to.deep.equal([0, 0]);
    expect(await parts({ policy: POLICIES.gewaltschutz })).to.deep.equal([2, 0]);
  });

  it('takes a room back that was handed over', async () => {
    const { made, ...rest } = one('', { role: 'guest' });
    const element = await show(HostTools, rest);
    byPart(element, 'take-back-button').click();
    expect(made.calls).to.deep.equal([['takeOver']]);
    expect(element.renderRoot.querySelector('[part="remove-button"]')).to.equal(null);
  });
});
