/**
 * [R6] A whole session without disturbance: the only sound is the other participant's voice, and nothing asks for
 * attention.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { until } from '../support/until.ts';
import { useBrowsers, useHostileServer, useServer } from './fixtures.ts';
import { heardBy, openQuiet, unnoticed } from './disturbances.ts';
import { acknowledge } from './meet.ts';
import { state } from './reading.ts';
import { makeRoom, type Person } from './stage.ts';

/** Waits until a screen reader says these words: by the polite live region, or because the focus goes to a heading. */
const says = (person: Person, words: string) =>
  until(
    () => heardBy(person),
    ({ said }) => said.includes(words),
    `the announcement "${words}"`,
  );

async function assertUndisturbed(people: readonly Person[]): Promise<void> {
  for (const person of people) {
    const { disturbing, other } = await heardBy(person);
    assert.deepEqual({ disturbing, other }, { disturbing: [], other: 0 });
  }
}

/** Sentences that say again what one of the two before them said. */
function echoes(sentences: readonly string[]): readonly string[] {
  const words = sentences.map((sentence) => sentence.toLowerCase().replace(/\.$/u, ''));
  return words.flatMap((sentence, index) => {
    const [next = '', second = ''] = words.slice(index + 1);
    const isWithin = (one: string, other: string): boolean =>
      one !== other && (one.includes(other) || other.includes(one));
    return [
      ...(next !== '' && (next === sentence || isWithin(next, sentence)) ? [`${sentence} / ${next}`] : []),
      ...(second !== '' && isWithin(second, sentence) ? [`${sentence} / ${second}`] : []),
    ];
  });
}

/** Waits until the other participant's voice plays. */
const hears = (person: Person) =>
  until(
    () => heardBy(person),
    ({ voices }) => voices === 1,
    'an audible voice',
  );

/** Opens the chat and sends a line. */
async function write(person: Person, text: string): Promise<void> {
  await person.click('chat-button');
  await person.type('chat-input', text);
  await person.page.keyboard.press('Enter');
}

/** Closes the peer connection without signalling it; the room replaces the link automatically. */
async function breakLink(person: Person): Promise<void> {
  const made = (await person.seen()).peers;
  await person.page.evaluate(() =>
    (window as unknown as { seen: { peers: RTCPeerConnection[] } }).seen.peers
      .filter(({ connectionState }) => connectionState === 'connected')
      .forEach((peer) => peer.close()),
  );
  await until(
    () => person.seen(),
    ({ peers }) => peers > made,
    'another connection',
  );
}

describe('[R6] a session without disturbance', () => {
  const server = useServer();
  const browsers = useBrowsers();
  const between = useHostileServer(server);

  for (const [own, other] of [
    ['chromium', 'firefox'],
    ['firefox', 'chromium'],
  ] as const)
    it(`plays voices alone and announces the rest, guest in ${own}, host in ${other}`, async () => {
      const links = await makeRoom(between.address);
      const host = await openQuiet(browsers[other], links.host);
      const guest = await openQuiet(browsers[own], links.guest);
      await host.arrive({ name: 'Frau Berger' });
      await says(host, 'Warteraum');
      await assertAwake([host]);
      await guest.arrive({ name: 'Mia' });
      await says(guest, 'Sie sind im Warteraum.');
      await says(host, 'Mia wartet vor dem Raum.');
      await assertUndisturbed([host, guest]);

      await host.click('admit-button');
      await says(host, 'Mia ist dazugekommen.');
      await says(guest, 'Frau Berger ist dazugekommen.');
      await acknowledge(host, guest);
      await Promise.all([host.seeFrames(), guest.seeFrames()]);
      await Promise.all([hears(host), hears(guest)]);
      await assertUndisturbed([host, guest]);
      await assertAwake([host, guest]);

      await write(guest, 'Guten Tag');
      await says(host, 'Mia hat etwas geschrieben.');
      await write(host, 'Guten Tag, Mia');
      await until(
        () => state<readonly object[]>(guest, 'chat'),
        (chat) => chat.length === 2,
        'both chat lines',
      );

      await guest.page.evaluate(() => document.body.focus());
      await guest.page.keyboard.press('F8');
      await says(host, 'Bei Mia ist jemand hereingekommen. Bild und Ton sind angehalten.');
      await guest.declareAgain('meine Mutter');
      await host.click('acknowledge-button');
      await Promise.all([host.seePhase('active'), guest.seePhase('active')]);

      // First the server drops out, then the direct path: both recover automatically.
      between.cut();
      await breakLink(guest);
      await Promise.all([host.seeFrames(), guest.seeFrames()]);
      await Promise.all([hears(host), hears(guest)]);
      await assertUndisturbed([host, guest]);

      await guest.click('leave-button');
      await says(guest, 'Sie haben den Raum verlassen');
      await says(host, 'Mia ist gegangen.');
      await assertAsleep([guest]);
      await host.click('leave-button');
      await assertAsleep([host]);
      await says(host, 'Sie haben den Raum verlassen');
      await assertUndisturbed([host, guest]);

      for (const person of [host, guest]) {
        assert.deepEqual(echoes((await heardBy(person)).sentences), []);
        assert.deepEqual(await unnoticed(person), [], 'every disturbance is detected');
        await person.leave();
      }
    });
});

/** The screen stays awake. A headless browser may refuse the wake lock: then the request alone counts. */
async function assertAwake(people: readonly Person[]): Promise<void> {
  for (const person of people) {
    const { refused, held } = await until(
      () => heardBy(person),
      ({ asked, refused: no, held: yes }) => asked > 0 && no + yes > 0,
      'the answer about keeping the screen awake',
    );
    assert.equal(held, refused === 0 ? 1 : 0);
  }
}

/** The screen may sleep again after the person has left. */
async function assertAsleep(people: readonly Person[]): Promise<void> {
  for (const person of people)
    await until(
      () => heardBy(person),
      ({ held }) => held === 0,
      'the wake lock to be released',
    );
}
