/** The presets: what a site may tighten, what it may not loosen, and that the printed table is the truth. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parsePublicConfiguration, parseServerConfiguration } from '../../src/configuration.ts';
import { createInvite } from '../../src/invite.ts';
import { parseInvite } from '../../src/e2ee/admission/invite-token.ts';
import { ConsultError } from '../../src/errors.ts';
import { POLICIES, POLICY_NAMES, resolvePolicy } from '../../src/policy.ts';
import { policyTable } from '../../src/server/policy-table.ts';

const relay = { role: 'relay', urls: ['turn:turn.example:3478'], operator: 'R', country: 'DE' };
const site = (changes: object = {}) => ({
  operator: { name: 'Stelle', country: 'DE' },
  servers: [{ role: 'signaling', operator: 'Stelle', country: 'DE' }, relay],
  ...changes,
});
const errorOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error: unknown) {
    if (error instanceof ConsultError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'nothing thrown';
};

describe('policy presets', () => {
  for (const policy of POLICY_NAMES)
    it(`${policy} may be tightened, and names a loosened rule that it refuses`, () => {
      const preset = POLICIES[policy];
      const rules = { size: 2, inviteHours: 1, graceSeconds: 10 };
      assert.deepEqual(resolvePolicy(parsePublicConfiguration(site({ policy, rules }))), { ...preset, ...rules });
      const looser = {
        graceSeconds: preset.graceSeconds + 1,
        selfView: 'shown',
        replayRecorders: 'warn',
        ...(preset.size < 9 ? { size: preset.size + 1 } : {}),
        ...(preset.inviteHours < 48 ? { inviteHours: preset.inviteHours + 1 } : {}),
      };
      for (const [rule, value] of Object.entries(looser))
        for (const parse of [parsePublicConfiguration, parseServerConfiguration]) {
          const error = errorOf(() => parse(site({ policy, rules: { [rule]: value } })));
          assert.match(error, /^policy-loosened/u, rule);
          assert.ok(error.includes(`rules.${rule}`), error);
        }
    });

  it('has no rule that does not exist', () => {
    const error = errorOf(() => parsePublicConfiguration(site({ rules: { naming: 'pseudonym' } })));
    assert.match(error, /^configuration-invalid.*rules\.naming/u);
  });

  it('hides no address without a relay in between', () => {
    const servers = [{ role: 'signaling', operator: 'Stelle', country: 'DE' }];
    const error = errorOf(() => parsePublicConfiguration(site({ policy: 'gewaltschutz', servers })));
    assert.match(error, /^configuration-invalid.*gewaltschutz.*relay/u);
  });

  for (const [policy, hours] of [
    ...POLICY_NAMES.map((name) => [name, POLICIES[name].inviteHours] as const),
    // Without a policy: as long as every preset allows.
    [undefined, 12] as const,
  ])
    it(`limits an invite for ${policy ?? 'any policy'} to ${String(hours)} hours`, async () => {
      const before = Date.now();
      const { guestLink } = await createInvite({ base: 'https://x.example/', ...(policy ? { policy } : {}) });
      const { expires } = await parseInvite(new URL(guestLink).hash, { origin: 'https://x.example' });
      assert.ok(Math.abs(expires - before - hours * 3_600_000) < 60_000);
    });

  it('are printed as they are in src/policies.md', () => {
    const page = readFileSync(new URL('../../src/policies.md', import.meta.url), 'utf8');
    // The formatter pads the columns.
    const plain = (text: string): string => text.replaceAll(/ +/gu, ' ').replaceAll(/-{3,}/gu, '---').trim();
    assert.ok(plain(page).includes(plain(policyTable())), 'run: consult-room-server policies');
  });

  it('give a reason for every rule', () => {
    const table = policyTable();
    assert.equal(table.split('\n- **').length - 1, Object.keys(POLICIES.beratung).length - 1);
  });
});
