/** A rolling restart of real server processes on a real NATS: SIGTERM to one after the other, with people in the room and at its door. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { until } from '../../support/until.ts';
import { balancer, channelTo } from '../channels.ts';
import { Identity } from '../harness.ts';
import { freePort } from '../../support/free-port.ts';
import { ended, startNats, startProcess, type ServerProcess } from './cluster.ts';

type Person = ReturnType<typeof channelTo>;

const heard = ({ events }: Person): readonly string[] =>
  events.flatMap((event) => (event.type === 'message' ? [new TextDecoder().decode(event.data)] : []));

/** Whom a person sees now, by what their channel said. */
function seen({ events }: Person): number {
  const ids = new Set<string>();
  for (const event of events) {
    if (event.type === 'online' || event.type === 'offline') ids.clear();
    if (event.type === 'online') for (const { id } of event.peers) ids.add(id);
    if (event.type === 'peer-joined') ids.add(event.peer.id);
    if (event.type === 'peer-left') ids.delete(event.peer.id);
  }
  return ids.size;
}

describe('a rolling restart of two server processes', () => {
  it('leads those in the room and one at its door on, without an error, and delivers what they say before and after', async (t) => {
    const nats = await startNats();
    t.after(() => nats.stop());
    const ports = [await freePort(), await freePort()] as const;
    let [healthy, turns] = [ports as readonly number[], 0];
    const name = await balancer(t, () => healthy[turns++ % healthy.length] ?? 1);
    const args = ['--origin', `http://${name}`, '--drain-seconds', '1'];
    const begin = (port: number): Promise<ServerProcess> => startProcess(nats.url, ['--port', String(port), ...args]);
    const processes = await Promise.all(ports.map(begin));
    t.after(() => Promise.all(processes.map(({ child }) => ended(child, 'SIGKILL'))));

    const identity = await Identity.make();
    const people: Person[] = [channelTo(t, name, identity, 'host')];
    await people[0]!.count('online', 1);
    people.push(channelTo(t, name, identity, 'guest'));
    const together = async (words: string): Promise<void> => {
      const others = people.length - 1;
      for (const person of people)
        await until(
          () => seen(person),
          (count) => count === others,
          `one to see ${String(others)}, ${words}`,
        );
      for (const [index, { channel }] of people.entries())
        channel.send('everyone', new TextEncoder().encode(`${String(index)} ${words}`));
      for (const person of people)
        await until(
          () => heard(person).filter((text) => text.endsWith(words)).length,
          (count) => count === others,
          `one to hear ${String(others)}, ${words}`,
        );
    };
    await together('before');

    for (const [index, port] of ports.entries()) {
      // The door is on the process that ends.
      healthy = [port];
      const before = turns;
      people.push(channelTo(t, name, identity, 'guest'));
      await until(
        () => turns,
        (count) => count > before,
        'the newcomer to connect',
        { every: 1 },
      );
      const { child } = processes[index]!;
      child.kill('SIGTERM');
      healthy = ports.filter((other) => other !== port);
      await once(child, 'exit');
      assert.equal(child.exitCode, 0);
      await together(`without ${String(index)}`);
      processes[index] = await begin(port);
      healthy = ports;
      await together(`with ${String(index)} again`);
    }

    for (const { events } of people)
      assert.deepEqual(
        events.filter(({ type }) => type === 'error'),
        [],
      );
    for (const person of people) assert.equal(new Set(heard(person)).size, heard(person).length);
    // The host was on each of both processes when it ended.
    assert.equal(people[0]!.events.filter(({ type }) => type === 'online').length, 3);
  });
});
