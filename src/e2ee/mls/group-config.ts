/** Settings of the MLS library, the same for every member of a group (protocol.md §4, §5). */
import type { ClientConfig, PskIndex } from 'ts-mls';
import { makePskIndex } from 'ts-mls/clientState.js';
import { defaultKeyPackageEqualityConfig } from 'ts-mls/keyPackageEqualityConfig.js';
import { defaultLifetimeConfig } from 'ts-mls/lifetimeConfig.js';
import { defaultPaddingConfig } from 'ts-mls/paddingConfig.js';
import { bytesToBase64 } from 'ts-mls/util/byteArray.js';
import { ROOM_PSK_ID } from './message-filter.ts';
import type { RoomKeys } from '../admission/invite-token.ts';
import { readText } from './key-package.ts';

/** Members of a group, including the host: a mesh and 4 bits of leaf index carry no more [R17]. */
export const GROUP_LIMIT = 9;

/** The library accepts every well-formed name: the host is recognised by its key, not by its name. */
export const CLIENT_CONFIG: ClientConfig = {
  // Gaps are normal, and more than ten messages can be reordered. Who is away for the longest grace time (600 s) misses 300 beacons and
  // what else is sent, and must not be cut off by that. The number of steps is limited because each costs hashing, some 0.1 ms
  // (measured), also for a damaged message.
  keyRetentionConfig: { retainKeysForGenerations: 64, retainKeysForEpochs: 1, maximumForwardRatchetSteps: 1024 },
  lifetimeConfig: defaultLifetimeConfig,
  keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
  paddingConfig: defaultPaddingConfig,
  authService: { validateCredential: async (credential) => readText(credential) !== null },
};

/** The room's pre-shared key, in the library's form: no member is added without it. */
export async function roomPsk(keys: RoomKeys, groupId: Uint8Array): Promise<PskIndex> {
  return makePskIndex(undefined, { [bytesToBase64(ROOM_PSK_ID)]: await keys.psk(groupId) });
}
