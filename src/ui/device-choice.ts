/** A device choice as the value of an `<option>`, and back. */
import type { DeviceChoice } from '../room/room.ts';

export function valueOfChoice(choice: DeviceChoice): string {
  return choice.kind === 'device' ? `device:${choice.id}` : choice.kind;
}

export function choiceOfValue(value: string): DeviceChoice {
  if (value === 'none' || value === 'default') return { kind: value };
  return { kind: 'device', id: value.slice('device:'.length) };
}
