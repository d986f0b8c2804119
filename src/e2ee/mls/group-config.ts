/** What every member's side of a room's group is set to alike, whether it was founded or joined (protocol.md §4, §5). */
import type { ClientConfig, PskIndex } from 'ts-mls';
import { makePskIndex } from 'ts-mls/clientState.js';
import { defaultKeyPackageEqualityConfig } from 'ts-mls/keyPackageEqualityConfig.js';
import { defaultLifetimeConfig } from 'ts-mls/lifetimeConfig.js';
import { defaultPaddingConfig } from 'ts-mls/paddingConfig.js';
import { bytesToBase64 } from 'ts-mls/util/byteArray.js';
import { ROOM_PSK_ID } from './message-filter.ts';
import type { RoomKeys } from '../admission/invite-token.ts';
import { readName } from './key-package.ts';

/** People in a group, the host counted: a mesh and 4 bits of leaf index carry no more [R17]. */
export const GROUP_LIMIT = 9;

/** The library accepts any credential that passes here; who is the host is decided by key, not by name. */
export const CLIENT_CONFIG: ClientConfig = {
  // Gaps happen (up to 64 beacons in a row go over direct links only), and more than ten messages can be reordered. Each step ahead costs
  // hashing, for a message that may be damaged.
  keyRetentionConfig: { retainKeysForGenerations: 64, retainKeysForEpochs: 1, maximumForwardRatchetSteps: 256 },
  lifetimeConfig: defaultLifetimeConfig,
  keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
  paddingConfig: defaultPaddingConfig,
  authService: { validateCredential: async (credential) => readName(credential) !== null },
};

/** The room's secret as the library looks for it: nobody is added without it. */
export async function roomPsk(keys: RoomKeys, groupId: Uint8Array): Promise<PskIndex> {
  return makePskIndex(undefined, { [bytesToBase64(ROOM_PSK_ID)]: await keys.psk(groupId) });
}
