/**
 * `npm run group-call [-- --people 9]`: six people, or up to nine, in real browsers against the built demo, the last of
 * them late. Pictures of one guest's phone go to `dist/pictures/group-call`, to be looked at. Ends with an error where the
 * latecomer stops or covers the pictures of the others, and where someone does not hear or see each of the others.
 *
 * With `--round`, all come in silent and without a picture, and each speaks in turn: nine voices and pictures at once are
 * more than the one machine carries on which they all run here.
 */
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { acknowledgeAll, comeInSilent, gather, speak } from '../e2e/gather.ts';
import type { Person } from '../e2e/stage.ts';
import { until } from '../support/until.ts';
import { all, arriving, inGroup, LOW_RUNG, PHONE, picture, shown, SLOW, type GroupWindows } from './group.ts';

const options = { people: { type: 'string', default: '6' }, round: { type: 'boolean', default: false } } as const;
const { values } = parseArgs({ options });
const PEOPLE = Number(values.people);
assert.ok(PEOPLE >= 4 && PEOPLE <= 9, '--people is 4 to 9');

/** All but the host and the latecomer. */
const NAMES = ['Wolke', 'Jana', 'Stern', 'Anders', 'Momo', 'Kim', 'Robin'].slice(0, PEOPLE - 2);
const LATE = 'Lina';

async function allAtOnce({ host, guest }: GroupWindows): Promise<void> {
  const guests: (readonly [name: string, guest: Person])[] = [];
  for (const name of NAMES) guests.push([name, await guest()]);
  await gather(host, guests);
  const [first] = guests;
  assert.ok(first);
  const [, phone] = first;
  await until(() => shown(phone), all(NAMES.length), 'the pictures of the others', SLOW);
  await picture(phone, '1-before-the-latecomer');

  const late = await guest();
  await late.arrive({ name: LATE, occupants: 'meine Schwester' });
  await picture(late, '2-latecomer-waiting');
  await picture(host, '3-host-asked');
  await host.click('admit-button');
  await phone.find('acknowledge-button');
  await until(() => shown(phone), all(NAMES.length), 'the pictures beside the latecomer who is not confirmed', SLOW);
  await phone.seeFrames();
  await picture(phone, '4-latecomer-unconfirmed');
  await picture(late, '5-latecomer-asked');
  await acknowledgeAll([host, ...guests.map(([, person]) => person), late]);
  await until(() => shown(phone), all(NAMES.length + 1), 'the pictures of all others', SLOW);
  await phone.seeFrames();
  const people = [host, ...guests.map(([, person]) => person), late];
  for (const person of people)
    await until(
      () => arriving(person),
      ({ hears, sees }) => hears === PEOPLE - 1 && sees === PEOPLE - 1,
      'sound and pictures of each of the others',
      SLOW,
    );
  await picture(phone, '6-all');
  await phone.page.setViewport({ width: PHONE.height, height: PHONE.width });
  await until(() => shown(phone), all(NAMES.length + 1), 'the pictures after the phone was turned', SLOW);
  await picture(phone, '7-all-sideways');
}

async function inTurn({ host, guest }: GroupWindows): Promise<void> {
  const guests: (readonly [name: string, guest: Person])[] = [];
  for (const name of [...NAMES, LATE]) guests.push([name, await guest()]);
  const people = [host, ...guests.map(([, person]) => person)];
  await comeInSilent(people);
  await gather(host, guests);
  const [first] = guests;
  assert.ok(first);
  await picture(first[1], 'round-0-silent');
  const name = (index: number): string => guests[index - 1]?.[0] ?? 'Frau Berger';
  const before = await Promise.all(people.map(arriving));
  assert.deepEqual(
    before,
    Array.from(before, () => ({ hears: 0, sees: 0 })),
    'silent and without a picture',
  );
  for (const [index, speaker] of people.entries()) {
    await speak(speaker, true);
    for (const [other, listener] of people.entries()) {
      if (listener === speaker) continue;
      // Who spoke before is counted too, but oneself is not.
      const spoken = other < index ? index : index + 1;
      await until(
        () => arriving(listener),
        ({ hears, sees }) => hears === spoken && sees === spoken,
        `${name(index)} heard and seen by ${name(other)}`,
        SLOW,
      );
    }
    process.stdout.write(`${name(index)} is heard and seen by all\n`);
    if (index === 2) await picture(first[1], 'round-1-one-speaks');
    await speak(speaker, false);
  }
}

await (values.round ? inGroup(inTurn, LOW_RUNG) : inGroup(allAtOnce));
