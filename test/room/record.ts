/** What a guest's tab keeps for a reload, in one place: a field more is a field more in every test. */
import type { ReloadRecord } from '../../src/room/setup/reload-record.ts';

const text = { version: '1', hash: 'h', lang: 'de' };

export const record = (invite: string, changes: Partial<ReloadRecord> = {}): ReloadRecord => ({
  tab: 'tab',
  invite,
  name: 'Mond',
  consent: { notice: text, at: 1 },
  rules: { recording: text, group: text, at: 2 },
  receipts: null,
  choice: { camera: { kind: 'none' }, microphone: { kind: 'none' } },
  people: [],
  shown: { camera: false, microphone: false, blur: 'off' },
  admitted: null,
  lead: null,
  room: null,
  code: null,
  ...changes,
});
