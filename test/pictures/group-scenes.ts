/** What happens in the group calls of `group-call.ts`. */
import assert from 'node:assert/strict';
import { acknowledgeAll, comeInSilent, gather, speak } from '../e2e/gather.ts';
import { state } from '../e2e/reading.ts';
import type { Pictures, Person, Seen } from '../e2e/stage.ts';
import { until } from '../support/until.ts';
import { all, arriving, LOW_RUNG, PHONE, picture, shown, SLOW, SMALL, type GroupWindows } from './group.ts';

interface Scene {
  /** How many, where nothing else is asked for. */
  readonly people: number;
  readonly camera: Pictures;
  play(windows: GroupWindows, people: number): Promise<void>;
}

/** All but the host and the latecomer. */
const NAMES = ['Wolke', 'Jana', 'Stern', 'Anders', 'Momo', 'Kim', 'Robin'];
const LATE = 'Lina';
/** None like another, which the host would have to look at first. */
const LATER = ['Robin', 'Kim', 'Blume'];

/** Pictures a second of an interpreter at the least (EN 301 549 §6.5), less what two readings of a clock may miss. */
const SIGNS = 20;
const MISSED = 0.5;

async function hearEachOther(people: readonly Person[]): Promise<void> {
  for (const person of people)
    await until(
      () => arriving(person),
      ({ hears, sees }) => hears === people.length - 1 && sees === people.length - 1,
      'sound and pictures of each of the others',
      SLOW,
    );
}

async function together({ host, guest }: GroupWindows, count: number): Promise<void> {
  const names = NAMES.slice(0, count - 2);
  const guests: (readonly [name: string, guest: Person])[] = [];
  for (const name of names) guests.push([name, await guest()]);
  await gather(host, guests);
  const [first] = guests;
  assert.ok(first);
  const [, phone] = first;
  await until(() => shown(phone), all(names.length), 'the pictures of the others', SLOW);
  await picture(phone, '1-before-the-latecomer');

  const late = await guest();
  await late.arrive({ name: LATE, occupants: 'meine Schwester' });
  await picture(late, '2-latecomer-waiting');
  await picture(host, '3-host-asked');
  await host.click('admit-button');
  await phone.find('acknowledge-button');
  await until(() => shown(phone), all(names.length), 'the pictures beside the latecomer who is not confirmed', SLOW);
  await phone.seeFrames();
  await picture(phone, '4-latecomer-unconfirmed');
  await picture(late, '5-latecomer-asked');
  await acknowledgeAll([host, ...guests.map(([, person]) => person), late]);
  await until(() => shown(phone), all(names.length + 1), 'the pictures of all others', SLOW);
  await phone.seeFrames();
  await hearEachOther([host, ...guests.map(([, person]) => person), late]);
  await picture(phone, '6-all');
  await phone.page.setViewport({ width: PHONE.height, height: PHONE.width });
  await until(() => shown(phone), all(names.length + 1), 'the pictures after the phone was turned', SLOW);
  await picture(phone, '7-all-sideways');
}

async function round({ host, guest }: GroupWindows, count: number): Promise<void> {
  const guests: (readonly [name: string, guest: Person])[] = [];
  for (const name of [...NAMES.slice(0, count - 2), LATE]) guests.push([name, await guest()]);
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

async function changes({ host, guest }: GroupWindows, count: number): Promise<void> {
  const guests: (readonly [name: string, guest: Person])[] = [];
  for (const name of NAMES.slice(0, count - 1)) guests.push([name, await guest()]);
  await gather(host, guests);
  const [[, gone], ...rest] = guests as [(typeof guests)[number], ...typeof guests];
  const stayed = [host, ...rest.map(([, person]) => person)];
  await hearEachOther([...stayed, gone]);
  await gone.click('leave-button');
  const others = (person: Person) => state<readonly { readonly name: string }[]>(person, 'participants');
  for (const person of stayed)
    await until(
      () => others(person),
      (now) => now.length === stayed.length - 1,
      'one fewer',
      SLOW,
    );
  const phone = stayed[1];
  assert.ok(phone);
  await picture(phone, 'changes-1-one-left');
  const came = await Promise.all(LATER.map(() => guest()));
  await Promise.all(came.map((person, index) => person.arrive({ name: LATER[index] ?? '' })));
  await picture(phone, 'changes-2-three-at-the-door');
  await until(
    () => state<readonly unknown[]>(host, 'knocks'),
    (knocks) => knocks.length === LATER.length,
    'three at the door',
    SLOW,
  );
  await host.click('admit-all-button');
  const everyone = [...stayed, ...came];
  for (const person of everyone)
    await until(
      () => others(person),
      (now) => now.length === everyone.length - 1,
      'all of them in',
      SLOW,
    );
  await acknowledgeAll(everyone);
  await hearEachOther(everyone);
  await picture(phone, 'changes-3-all-in');
}

/** Of the stream of most pictures that arrives: its lines, and pictures so far. */
const best = ({ page }: Person): Promise<{ readonly id: string; readonly lines: number; readonly frames: number }> =>
  page.evaluate(async () => {
    let found = { id: '', lines: 0, frames: 0, rate: 0 };
    for (const peer of (window as unknown as { seen: Seen }).seen.peers) {
      if (peer.connectionState !== 'connected') continue;
      // The line of cameras: another carries screens.
      const { receiver } = peer.getTransceivers()[1] ?? {};
      ((await receiver?.getStats()) as ReadonlyMap<string, RTCInboundRtpStreamStats> | undefined)?.forEach((stat) => {
        const { framesPerSecond: rate = 0, frameHeight: lines = 0, framesDecoded: frames = 0 } = stat;
        if (stat.type === 'inbound-rtp' && rate > found.rate) found = { id: String(stat.ssrc), lines, frames, rate };
      });
    }
    return found;
  });

async function signs(people: readonly Person[], when: string): Promise<void> {
  for (const person of people) {
    let before = await best(person);
    let since = performance.now();
    const rate = await until(
      async () => {
        const [last, at] = [before, since];
        await new Promise((resolve) => setTimeout(resolve, 4_000));
        [before, since] = [await best(person), performance.now()];
        return before.id === last.id && before.lines >= LOW_RUNG.height
          ? ((before.frames - last.frames) * 1_000) / (since - at)
          : 0;
      },
      (pictures) => pictures >= SIGNS - MISSED,
      `${String(SIGNS)} pictures a second of the interpreter ${when}`,
    );
    process.stdout.write(`${rate.toFixed(1)} pictures a second of ${String(before.lines)} lines ${when}\n`);
  }
}

async function interpreter({ host, guest }: GroupWindows, count: number): Promise<void> {
  const guests: (readonly [name: string, guest: Person])[] = [];
  for (const name of NAMES.slice(0, count - 1)) guests.push([name, await guest()]);
  const [[name, signer], ...rest] = guests as [(typeof guests)[number], ...typeof guests];
  const watching = [host, ...rest.map(([, person]) => person)];
  await gather(host, guests);
  // The others' pictures are there too, and fewer.
  await hearEachOther([...watching, signer]);
  await host.page.evaluate((wanted) => {
    const { room } = document.querySelector('consult-room') as unknown as {
      room: {
        state: { participants: readonly { id: string; name: string }[] };
        setRole(id: string, role: 'interpreter'): void;
      };
    };
    const { id } = room.state.participants.find((one) => one.name === wanted) ?? { id: '' };
    room.setRole(id, 'interpreter');
  }, name);
  for (const person of watching)
    await until(
      () => state<readonly { readonly role?: string | null }[]>(person, 'participants'),
      (now) => now.some(({ role }) => role === 'interpreter'),
      'an interpreter',
    );
  await signs(watching, 'in tiles');
  const [, phone] = watching;
  assert.ok(phone);
  await picture(phone, 'interpreter-1-tiles');
  await host.clickMore('share-button');
  await phone.seeFrames();
  await signs(
    watching.filter((person) => person !== host),
    'beside a shared screen',
  );
  await picture(phone, 'interpreter-2-screen');
}

/** All send at once here, where each has a machine in life. */
export const SCENES: Readonly<Record<string, Scene>> = {
  together: { people: 6, camera: SMALL, play: together },
  round: { people: 9, camera: LOW_RUNG, play: round },
  changes: { people: 6, camera: SMALL, play: changes },
  interpreter: { people: 4, camera: { ...LOW_RUNG, frameRate: 30 }, play: interpreter },
};
