/** [R13] All participants see the name under which a participant was admitted; it never changes unseen. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { until } from '../support/until.ts';
import { useBrowsers, useServer } from './fixtures.ts';
import { acknowledgeAll, gather } from './gather.ts';
import { reads, state } from './reading.ts';
import { makeRoom, openWindow, type Person } from './stage.ts';

interface Group {
  readonly people: readonly { readonly name: string }[];
  readonly knocks: readonly { readonly name: string; readonly returning: boolean; readonly formerName?: string }[];
  readonly epoch: string;
}

async function groupOf(person: Person): Promise<Group> {
  const encryption = await state<{ epoch: string } | null>(person, 'encryption');
  return {
    // A page that has just been reloaded is not in the session yet.
    people: (await state<Group['people'] | undefined>(person, 'participants')) ?? [],
    knocks: (await state<Group['knocks'] | undefined>(person, 'knocks')) ?? [],
    epoch: encryption?.epoch ?? '',
  };
}

const seesPeople = (person: Person, ...names: readonly string[]) =>
  until(
    () => groupOf(person),
    ({ people }) =>
      people
        .map(({ name }) => name)
        .sort()
        .join() === [...names].sort().join(),
    `${names.join()} in the room`,
  );

/** Changes the name in the reload record and reloads, which no button offers. */
async function comeBackAs(person: Person, name: string): Promise<void> {
  await person.page.evaluate((other) => {
    // Last of all: until then the room may write the record anew.
    addEventListener('pagehide', () => {
      const record = JSON.parse(sessionStorage.getItem('consult-room') ?? '{}') as { name?: string };
      sessionStorage.setItem('consult-room', JSON.stringify({ ...record, name: other }));
    });
  }, name);
  await person.page.reload();
}

describe('[R13] [R17] a group member who rejoins', () => {
  const server = useServer();
  const browsers = useBrowsers();
  let host: Person;
  let mia: Person;
  let tom: Person;

  beforeEach(async () => {
    const links = await makeRoom(server.address);
    [host, mia, tom] = await Promise.all([
      openWindow(browsers.chromium, links.host),
      openWindow(browsers.chromium, links.guest),
      openWindow(browsers.firefox, links.guest),
    ]);
    await gather(host, [
      ['Mia', mia],
      ['Tom', tom],
    ]);
  });

  afterEach(async () => {
    for (const person of [host, mia, tom]) await person.leave();
  });

  it('is readmitted without a question when the name is the same', async () => {
    const { epoch } = await groupOf(host);
    await tom.page.reload();
    const now = await until(
      () => groupOf(host),
      (group) => group.epoch !== epoch && group.people.length === 2,
      'Tom to rejoin',
    );
    assert.deepEqual(now.knocks, []);
    await acknowledgeAll([host, mia, tom]);
    await seesPeople(mia, 'Frau Berger', 'Tom');
  });

  it('is removed when the host’s page still shows the previous member', async () => {
    const tomBefore = (await participants(host)).find(({ name }) => name === 'Tom')!.id;
    const { epoch } = await groupOf(host);
    await tom.page.reload();
    await until(
      () => groupOf(host),
      (group) => group.epoch !== epoch && group.people.length === 2,
      'Tom to rejoin',
    );
    await host.page.evaluate((id) => {
      (document.querySelector('consult-room') as unknown as { room: { remove(id: string): void } }).room.remove(id);
    }, tomBefore);
    await reads(tom, 'Sie wurden aus dem Raum genommen.');
    await seesPeople(mia, 'Frau Berger');
  });

  it('waits while the host reads both names, and then is new to all, when the name is another', async () => {
    const before = await groupOf(host);
    const code = await safetyCode(mia);
    // The name of another participant is another name, too.
    await comeBackAs(tom, 'Mia');
    await reads(host, 'War in diesem Gespräch schon dabei, und hieß da „Tom“');
    await reads(tom, 'Noch sieht und hört Sie niemand.');
    const { knocks, people, epoch } = await groupOf(host);
    assert.equal(epoch, before.epoch, 'no admission');
    assert.deepEqual(
      knocks.map(({ name, returning, formerName }) => ({ name, returning, formerName })),
      [{ name: 'Mia', returning: true, formerName: 'Tom' }],
    );
    assert.deepEqual(people.map(({ name }) => name).sort(), ['Mia', 'Tom']);
    await seesPeople(mia, 'Frau Berger', 'Tom');
    assert.deepEqual((await groupOf(tom)).people, []);
    await host.picture('another-name');

    const known = new Set((await participants(mia)).map(({ id }) => id));
    await host.click('admit-button');
    await seesPeople(mia, 'Frau Berger', 'Mia');
    const [renamed] = (await participants(mia)).filter(({ id }) => !known.has(id));
    // Not the participant they had acknowledged: a newcomer without acknowledgement, with another safety code.
    assert.equal(renamed?.name, 'Mia');
    assert.notEqual(await safetyCode(mia), code);
    await acknowledgeAll([host, mia, tom]);
  });

  it('waits while the host reads both names when the host has reloaded meanwhile, and the other one is back', async () => {
    await comeBackAs(tom, 'Mia');
    await reads(host, 'hieß da „Tom“');
    await host.page.reload();
    // Who comes back under the same name is in again; who has another one waits for the answer.
    const { knocks, people } = await until(
      () => groupOf(host),
      (group) => group.knocks.length === 1 && group.people.length === 1,
      'one is back, and one waits',
    );
    assert.deepEqual(
      people.map(({ name }) => name),
      ['Mia'],
    );
    assert.deepEqual(
      knocks.map(({ name, returning, formerName }) => [name, returning, formerName]),
      [['Mia', true, 'Tom']],
    );
    await reads(host, 'hieß da „Tom“');
  });
});

const participants = (person: Person) =>
  state<readonly { readonly id: string; readonly name: string }[]>(person, 'participants');

const safetyCode = async (person: Person): Promise<string> =>
  (await state<{ readonly safetyCode: readonly string[] }>(person, 'encryption')).safetyCode.join(' ');
