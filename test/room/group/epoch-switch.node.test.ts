/** protocol.md §7: receivers install a new epoch first, senders switch later. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import type { FrameWorkerClient } from '../../../src/e2ee/frames/frame-worker-client.ts';
import type { EpochSecrets } from '../../../src/e2ee/mls/group.ts';
import { ConsultError } from '../../../src/errors.ts';
import { EpochSwitch } from '../../../src/room/group/epoch-switch.ts';

const secrets = (epoch: number, leaves = [0, 1, 2]): EpochSecrets =>
  ({
    epoch: BigInt(epoch),
    ownLeaf: 0,
    frameBaseKey: new Uint8Array(32),
    members: leaves.map((leaf) => ({ leaf })),
  }) as unknown as EpochSecrets;

function open() {
  const log: string[] = [];
  const epochs = new EpochSwitch({
    installEpoch: async ({ epoch }: { epoch: bigint }) => void log.push(`install ${String(epoch)}`),
    switchSender: async (epoch: bigint) => void log.push(`switch ${String(epoch)}`),
    reset: () => void log.push('reset'),
  } as unknown as FrameWorkerClient);
  return { epochs, log };
}

describe('the switch to a new epoch', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  it('is immediate in the first epoch: there is no older key to send with', async () => {
    const { epochs, log } = open();
    await epochs.enter(secrets(1), 'when-ready');
    assert.deepEqual(log, ['install 1', 'switch 1']);
  });

  it('waits until every other member has installed the keys', async () => {
    const { epochs, log } = open();
    await epochs.enter(secrets(1), 'when-ready');
    await epochs.enter(secrets(2), 'when-ready');
    epochs.installed(1, 2);
    assert.deepEqual(log.slice(2), ['install 2']);
    epochs.installed(2, 2);
    assert.deepEqual(log.slice(2), ['install 2', 'switch 2']);
  });

  it('leaves no rejection behind when the frame worker has ended meanwhile', async () => {
    let asked = 0;
    const epochs = new EpochSwitch({
      installEpoch: async () => undefined,
      switchSender: async (epoch: bigint) => {
        if (epoch > 1n) throw new ConsultError('encryption-unavailable', { detail: String(++asked) });
      },
    } as unknown as FrameWorkerClient);
    await epochs.enter(secrets(1), 'when-ready');
    await epochs.enter(secrets(2), 'when-ready');
    epochs.installed(1, 2);
    epochs.installed(2, 2);
    await epochs.enter(secrets(3), 'when-ready');
    mock.timers.tick(1_500);
    // An unhandled rejection fails the test (node:test); it is reported after the microtasks.
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(asked, 2);
  });

  it('does not wait for a member that reported before our own copy of the commit arrived', async () => {
    const { epochs, log } = open();
    await epochs.enter(secrets(1), 'when-ready');
    epochs.installed(1, 2);
    epochs.installed(2, 2);
    log.length = 0;
    await epochs.enter(secrets(2), 'when-ready');
    assert.deepEqual(log, ['install 2', 'switch 2']);
  });

  it('waits no longer than 1.5 seconds', async () => {
    const { epochs, log } = open();
    await epochs.enter(secrets(1), 'when-ready');
    await epochs.enter(secrets(2), 'when-ready');
    mock.timers.tick(1_499);
    assert.deepEqual(log.slice(2), ['install 2']);
    mock.timers.tick(1);
    assert.deepEqual(log.slice(2), ['install 2', 'switch 2']);
  });

  it('is immediate when a member was removed', async () => {
    const { epochs, log } = open();
    await epochs.enter(secrets(1), 'when-ready');
    await epochs.enter(secrets(2, [0, 1]), 'now');
    assert.deepEqual(log.slice(2), ['install 2', 'switch 2']);
  });

  it('never happens after the end', async () => {
    const { epochs, log } = open();
    await epochs.enter(secrets(1), 'when-ready');
    await epochs.enter(secrets(2), 'when-ready');
    epochs.close();
    mock.timers.tick(5_000);
    epochs.installed(1, 2);
    assert.deepEqual(log.slice(2), ['install 2']);
  });

  it('forgets what members reported when the group is over', async () => {
    const { epochs, log } = open();
    epochs.installed(1, 7);
    epochs.reset();
    assert.deepEqual([epochs.reported(1), log], [-1, ['reset']]);
  });
});
