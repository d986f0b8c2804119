/**
 * Random histories of a room with real sessions (protocol.md §9, §13): people reload, lose the network, hand the room over and take it back,
 * several at once. In the end all are together, and where the room did not change hands nobody pressed anything for it. Who was removed
 * meanwhile is outside, whatever they kept and however they come back.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../support/property.ts';
import { isSession } from '../../src/room/state/state.ts';
import { areTogether, meet, type Person } from '../room/session/people.ts';
import { until } from '../support/until.ts';
import { runs } from './fuzz.ts';

const GUESTS = ['Mia', 'Tom', 'Yara'] as const;
const EVERYONE = ['Beratung', ...GUESTS] as const;

interface Step {
  readonly who: (typeof EVERYONE)[number];
  readonly what: 'reload' | 'sleep' | 'hand-over' | 'stand-in' | 'take-back' | 'remove';
  readonly to: (typeof EVERYONE)[number];
  /** Milliseconds until the next step begins, and that this one takes. */
  readonly next: number;
  readonly takes: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  who: fc.constantFrom(...EVERYONE),
  what: fc.constantFrom('reload', 'reload', 'reload', 'sleep', 'hand-over', 'stand-in', 'take-back'),
  to: fc.constantFrom(...EVERYONE),
  next: fc.nat(400),
  takes: fc.nat(600),
});

const passes = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What happens to one person happens in turn, and to several at once. */
class History {
  readonly #met: Awaited<ReturnType<typeof meet>>;
  readonly #people: Map<string, Person>;
  readonly #busy = new Map<string, Promise<void>>();
  readonly #removed = new Set<string>();

  constructor(met: Awaited<ReturnType<typeof meet>>) {
    this.#met = met;
    this.#people = new Map([met.host, ...met.guests].map((person) => [person.name, person]));
  }

  get people(): readonly Person[] {
    return [...this.#people.values()];
  }

  /** All but those who were removed. */
  get members(): readonly Person[] {
    return this.people.filter(({ name }) => !this.#removed.has(name));
  }

  /** Those who were removed come again, with each thing that their pages ever knew, and are asked about. */
  async returnRemoved(): Promise<void> {
    for (const name of this.#removed)
      for (const memory of this.#person(name).memories) {
        this.#person(name).remembered = memory;
        await this.#reload(name, 0);
        await until(
          () => this.shown,
          () => this.#asksAbout(name),
          `${name} to be asked about`,
        );
        assert.ok(areTogether(this.members), this.shown.join('\n'));
      }
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const each of steps) {
      const before = this.#busy.get(each.who) ?? Promise.resolve();
      this.#busy.set(
        each.who,
        before.then(() => this.#do(each)),
      );
      await passes(each.next);
    }
    await Promise.all(this.#busy.values());
  }

  #asksAbout(name: string): boolean {
    return this.people.some(({ state }) => isSession(state) && state.knocks.some((knock) => knock.name === name));
  }

  #person(name: string): Person {
    const person = this.#people.get(name);
    assert.ok(person);
    return person;
  }

  async #do({ who, what, to, takes }: Step): Promise<void> {
    const person = this.#person(who);
    if (what === 'reload') await this.#reload(who, takes);
    else if (what === 'remove') await this.#remove(person, to, takes);
    else if (what === 'sleep') {
      person.sleep();
      await passes(takes);
      person.wake();
    } else if (what === 'take-back') {
      if (who === 'Beratung') await person.session.leadership.takeBack();
    } else await this.#offers(person, what === 'stand-in' ? what : 'now', to, takes);
  }

  async #reload(name: string, takes: number): Promise<void> {
    const person = this.#person(name);
    await person.crash();
    await passes(takes);
    this.#people.set(name, await this.#met.enter(name, person));
  }

  /** Where this person leads and sees the other one. */
  async #remove(person: Person, to: string, takes: number): Promise<void> {
    await passes(takes);
    const { state, session } = person;
    const found = isSession(state) && state.participants.find(({ name }) => name === to);
    if (!found || state.role !== 'host') return;
    // What is not done when the page goes has not happened.
    await session.remove(found.id);
    this.#removed.add(to);
  }

  /** Where this person leads and sees the other one; who is asked says yes. */
  async #offers({ state, session }: Person, as: 'now' | 'stand-in', to: string, takes: number): Promise<void> {
    const found = isSession(state) && state.participants.find(({ name }) => name === to);
    if (!found || state.role !== 'host') return;
    session.leadership.offer(found.id, as);
    await passes(takes);
    const asked = this.#person(to);
    if (isSession(asked.state) && asked.state.handOver.step === 'asked') await asked.session.leadership.answer('yes');
  }

  /** Whoever leads lets everyone in who was not removed. */
  async press(): Promise<void> {
    for (const { state, session } of this.people)
      if (isSession(state)) {
        const knocks = state.knocks.filter(({ name }) => !this.#removed.has(name));
        await session.admit(knocks.map(({ id, hash }) => ({ id, shown: hash })));
      }
  }

  /** For the error. */
  get shown(): readonly string[] {
    return this.people.map(({ name, state, others }) => {
      const { role, knocking, knocks } = isSession(state) ? state : { role: '', knocking: '', knocks: [] };
      return [
        name,
        state.phase,
        role,
        knocking,
        `sees ${others}`,
        `asked ${knocks.map((one) => one.name).join()}`,
      ].join(' ');
    });
  }
}

async function happens(steps: readonly Step[]): Promise<void> {
  const met = await meet([...GUESTS]);
  try {
    const history = new History(met);
    await history.run(steps);
    // A delegate asks about those who were away when it began to lead.
    const changesHands = steps.some(({ what }) => !['reload', 'sleep', 'remove'].includes(what));
    await until(
      async () => {
        if (changesHands) await history.press();
        return history.shown;
      },
      () => areTogether(history.members),
      'all to be together',
    );
    await history.returnRemoved();
  } finally {
    await met.close();
  }
}

/** Of `npm run fuzz`, in milliseconds. */
const HOURS = 14_400_000;
const options = { includeErrorInReport: true, ...runs(1, 0.5), endOnFailure: true };

describe('a room in which much happens at once', () => {
  it('has everyone in it in the end', { timeout: HOURS }, async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 9 }), happens), options);
  });

  it('asks about nobody who reloads or loses the network', { timeout: HOURS }, async () => {
    const steps = fc.array(
      step.map((each): Step => ({ ...each, what: each.what === 'sleep' ? 'sleep' : 'reload' })),
      { minLength: 4, maxLength: 9 },
    );
    await fc.assert(fc.asyncProperty(steps, happens), options);
  });

  /** @param who may remove somebody, where they lead */
  const removal = (...who: readonly Step['who'][]): fc.Arbitrary<Step> =>
    fc.record({
      who: fc.constantFrom(...who),
      what: fc.constant('remove'),
      to: fc.constantFrom(...GUESTS),
      next: fc.nat(200),
      takes: fc.nat(500),
    });

  it('lets nobody back in who was removed', { timeout: HOURS }, async () => {
    // The host's own page, too, goes in the very moment.
    const reloads = step.map((each): Step => ({ ...each, what: each.what === 'sleep' ? 'sleep' : 'reload' }));
    const steps = fc
      .tuple(
        fc.array(reloads, { maxLength: 4 }),
        removal('Beratung'),
        fc.array(reloads, { minLength: 1, maxLength: 5 }),
      )
      .map(([before, one, after]) => [...before, one, ...after]);
    await fc.assert(fc.asyncProperty(steps, happens), options);
  });

  it('lets nobody back in whom another host removed', { timeout: HOURS }, async () => {
    const some = fc.array(step, { minLength: 2, maxLength: 4 });
    const steps = fc
      .tuple(some, removal(...EVERYONE), some, removal(...EVERYONE))
      .map(([before, one, after, other]) => [...before, one, ...after, other]);
    await fc.assert(fc.asyncProperty(steps, happens), options);
  });
});
