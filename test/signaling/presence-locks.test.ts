import { expect } from '@open-wc/testing';
import { PresenceLocks } from '../../src/signaling/presence-locks.ts';
import { waitUntil } from '../support/wait-until.ts';

const HOST = { id: 'h', host: true };
const GUEST = { id: 'g', host: false };
const unused = (): void => expect.fail('the host’s place was taken');

describe('presence by Web Locks', () => {
  const room = (): string => `room-${crypto.randomUUID()}`;

  it('lists each window with its role, and none of another room', async () => {
    const name = room();
    const [host, guest, stranger] = [new PresenceLocks(name), new PresenceLocks(name), new PresenceLocks(`${name}x`)];
    await Promise.all([host.show(HOST), guest.show(GUEST), stranger.show({ id: 's', host: false })]);
    expect(await host.others()).to.have.deep.members([HOST, GUEST]);
    for (const end of [host, guest, stranger]) end.end();
    await waitUntil(async () => (await new PresenceLocks(name).others()).length === 0);
  });

  it('reports a window that is gone', async () => {
    const name = room();
    const [host, guest] = [new PresenceLocks(name), new PresenceLocks(name)];
    await guest.show(GUEST);
    const left = new Promise<void>((resolve) => host.watch(GUEST, resolve));
    guest.end();
    await left;
    host.end();
  });

  it('reports nothing after it has ended', async () => {
    const name = room();
    const [host, guest, other] = [new PresenceLocks(name), new PresenceLocks(name), new PresenceLocks(name)];
    await guest.show(GUEST);
    const reported: string[] = [];
    host.watch(GUEST, () => reported.push('ended'));
    const left = new Promise<void>((resolve) => other.watch(GUEST, resolve));
    host.end();
    guest.end();
    await left;
    expect(reported).to.deep.equal([]);
    other.end();
  });

  it('gives the host’s place to one window', async () => {
    const name = room();
    const [first, second] = [new PresenceLocks(name), new PresenceLocks(name)];
    expect(await first.takeSeat('ask', unused)).to.equal(true);
    expect(await second.takeSeat('ask', unused)).to.equal(false);
    first.end();
    await waitUntil(() => second.takeSeat('ask', unused));
    second.end();
  });

  it('informs the window that another one takes the host’s place from', async () => {
    const name = room();
    const [first, second] = [new PresenceLocks(name), new PresenceLocks(name)];
    const lost = new Promise<void>((resolve) => void first.takeSeat('ask', resolve));
    await waitUntil(async () => !(await second.takeSeat('ask', unused)));
    expect(await second.takeSeat('steal', unused)).to.equal(true);
    await lost;
    second.end();
  });
});
