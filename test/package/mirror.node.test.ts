/**
 * Tests mirror `src`: the test of `src/A/B.ts` is `test/A/B.test.ts` (browsers) or `test/A/B.node.test.ts`, that of an element
 * `test/elements/TAG.test.ts`. Tests of a subject that several files share are listed here with the files to read.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, it } from 'node:test';

/** Tests of the whole: they have no counterpart in `src`. */
const WHOLE = ['demo', 'e2e', 'lab', 'fuzz', 'package', 'bench', 'replay', 'support', 'evidence', 'pictures'];

const SUBJECTS: Readonly<Record<string, readonly string[]>> = {
  'consent/receipts.node.test.ts': ['consent/receipt.ts', 'consent/canonical.ts', 'room/consent/receipts.ts'],
  'consent/wording.node.test.ts': ['locales/de.ts', 'locales/en.ts'],
  'consent/notice-command.node.test.ts': ['server/notice-command.ts'],
  'e2ee/admission/protocol-join.test.ts': ['e2ee/admission/join.ts', 'e2ee/admission/knock.ts'],
  'e2ee/frames/frame-media.test.ts': ['e2ee/frames/frame-worker.ts', 'e2ee/frames/frame-pump.ts'],
  'e2ee/frames/rfc9605.test.ts': ['e2ee/frames/sframe.ts'],
  'e2ee/mls/rfc9420-group.test.ts': ['e2ee/mls/group.ts', 'e2ee/mls/message-filter.ts', 'e2ee/mls/follow-commit.ts'],
  'e2ee/protocol-invite-seal.test.ts': ['e2ee/admission/invite-token.ts', 'e2ee/seal.ts', 'e2ee/padding.ts'],
  'e2ee/mls/engines.node.test.ts': ['e2ee/mls/leaf-key.ts', 'e2ee/mls/key-package.ts', 'e2ee/mls/group-config.ts'],
  'e2ee/mls/hpke-pq.node.test.ts': ['e2ee/mls/hpke.ts', 'e2ee/mls/hybrid-kem.ts'],
  'e2ee/mls/hpke-pq.test.ts': ['e2ee/mls/hpke.ts', 'e2ee/mls/hybrid-kem.ts'],
  'e2ee/wycheproof.node.test.ts': ['e2ee/bytes.ts', 'e2ee/mls/suite.ts'],
  'e2ee/wycheproof.test.ts': ['e2ee/bytes.ts', 'e2ee/mls/suite.ts'],
  'elements/page.test.ts': ['elements/consult-room/consult-room.ts'],
  'e2ee/mls/group-integrity.node.test.ts': ['e2ee/mls/group.ts', 'e2ee/mls/key-package.ts'],
  'room/admission/delegate-proof.node.test.ts': ['room/admission/host-lobby.ts', 'e2ee/admission/knock.ts'],
  'room/admission/group-integrity.node.test.ts': ['room/admission/host-lobby.ts', 'room/admission/rejoins.ts'],
  'room/admission/flood.node.test.ts': ['room/admission/host-lobby.ts', 'room/admission/guest-lobby.ts'],
  'room/duties.node.test.ts': ['room/state/session-reducer.ts', 'room/state/effects.ts'],
  'room/joining.test.ts': ['room/room.ts'],
  'room/session/healing.node.test.ts': ['room/session/session.ts', 'room/admission/host-lobby.ts'],
  'room/session/lost-messages.node.test.ts': [
    'room/session/group-sender.ts',
    'room/session/host-offer.ts',
    'room/session/asked-member.ts',
  ],
  'room/session/orders.node.test.ts': ['room/state/group-tools.ts', 'room/session/group-receiver.ts'],
  'room/session/hand-over.node.test.ts': [
    'room/session/host-offer.ts',
    'room/session/asked-member.ts',
    'e2ee/admission/delegation.ts',
  ],
  'room/session/stand-in.node.test.ts': [
    'room/session/stand-ins.ts',
    'room/session/leadership.ts',
    'e2ee/admission/delegation.ts',
  ],
  'server/delegate.node.test.ts': ['server/host-proof.ts', 'e2ee/admission/delegation.ts'],
  'server/abuse.node.test.ts': ['server/client-connection.ts', 'server/limits.ts'],
  'server/bin.node.test.ts': ['server/cli.ts'],
  'server/backplane/faults.node.test.ts': ['server/backplane/nats-backplane.ts', 'server/client-connection.ts'],
  'server/backplane/rolling-restart.node.test.ts': ['server/service.ts', 'signaling/websocket-channel.ts'],
  'server/compressed-files.node.test.ts': ['server/static-files.ts'],
  'server/deploy/chart.node.test.ts': ['server/settings.ts', 'server/headers.ts', 'configuration.ts'],
  'server/deploy/relay.node.test.ts': ['server/relay-check.ts', 'server/turn.ts'],
  'server/deploy/programs.node.test.ts': ['server/settings.ts', 'server/doctor/doctor.ts'],
  'server/deploy/deploy.node.test.ts': ['server/settings.ts', 'server/headers.ts', 'server/metrics.ts'],
  'server/examples/invites.node.test.ts': ['invite.ts', 'e2ee/admission/invite-token.ts'],
  'server/moving.node.test.ts': ['server/service.ts', 'signaling/websocket-channel.ts'],
  'server/policy.node.test.ts': ['server/policy-table.ts'],
  'server/privacy.node.test.ts': ['server/log.ts', 'server/metrics.ts'],
  'server/retention.node.test.ts': ['server/hub.ts', 'server/transparency.ts'],
  'server/rooms.node.test.ts': ['server/hub.ts', 'server/room-entry.ts'],
  'server/shares.node.test.ts': ['server/hub.ts', 'server/accept-guard.ts', 'server/send-buffers.ts'],
  'ui/define.test.ts': ['define.ts'],
};

const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.test.ts') && !path.includes('node_modules'))
  .filter((path) => !WHOLE.includes(path.split('/')[0] ?? ''))
  .sort();

/** Whether `src` has the file that this test is named after. */
function hasCounterpart(path: string): boolean {
  const name = path.replace(/(?:\.node)?\.test\.ts$/u, '');
  return existsSync(`src/${name}.ts`) || existsSync(`src/${name}/${basename(name)}.ts`);
}

describe('tests mirror src', () => {
  for (const file of files)
    it(`test/${file}`, () => {
      const subjects = SUBJECTS[file];
      if (subjects === undefined)
        assert.ok(hasCounterpart(file), 'rename it after the file in src that it tests, or list its subjects here');
      else {
        assert.ok(!hasCounterpart(file), 'take it off the list: src has the file that it is named after');
        for (const subject of subjects) assert.ok(existsSync(`src/${subject}`), `src/${subject} does not exist`);
      }
    });

  it('find each file by its name: no two in src have the same', () => {
    const names = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => basename(path));
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  });

  it('lists existing tests only', () => {
    assert.deepEqual(
      Object.keys(SUBJECTS).filter((file) => !files.includes(file)),
      [],
    );
  });
});
