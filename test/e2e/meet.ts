/** Brings a host and a guest from their links to a running call. */
import type { Person } from './stage.ts';

export async function meet(host: Person, guest: Person): Promise<void> {
  await Promise.all([
    host.arrive({ name: 'Frau Berger' }),
    guest.arrive({ name: 'Mia Sonnenschein', occupants: 'meine Schwester' }),
  ]);
  await host.click('admit-button');
  await acknowledge(host, guest);
}

/** Each acknowledges the other's declaration, and the call begins. */
export async function acknowledge(host: Person, guest: Person): Promise<void> {
  await Promise.all([host.click('acknowledge-button'), guest.click('acknowledge-button')]);
  await Promise.all([host.seePhase('active'), guest.seePhase('active')]);
}
