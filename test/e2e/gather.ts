/** Brings a group together: the host admits each guest, and all acknowledge one another's declarations. */
import { until } from '../support/until.ts';
import { press, state } from './reading.ts';
import { PATIENCE, POLLING, type Person } from './stage.ts';

interface Acknowledged {
  readonly acknowledged: { readonly byUs: boolean; readonly byThem: boolean };
}

/** Acknowledges one declaration, if one is open. */
export const acknowledgeOnce = (person: Person): Promise<void> =>
  person.page.evaluate(() => {
    const find = (root: ParentNode): HTMLElement | null => {
      for (const element of root.querySelectorAll<HTMLElement>('*')) {
        if (element.part.contains('acknowledge-button')) return element;
        const inner = element.shadowRoot && find(element.shadowRoot);
        if (inner) return inner;
      }
      return null;
    };
    find(document)?.click();
  });

/** Acknowledges the others' declarations as they arrive. */
export async function acknowledgeAll(people: readonly Person[]): Promise<void> {
  await Promise.all(
    people.map(async (person) => {
      const done = async (): Promise<number> => {
        await acknowledgeOnce(person);
        const others = await state<readonly Acknowledged[]>(person, 'participants');
        return others.filter(({ acknowledged }) => acknowledged.byUs && acknowledged.byThem).length;
      };
      await until(done, (count) => count === people.length - 1, 'all acknowledgements', {
        patience: PATIENCE * people.length,
      });
      await person.seePhase('active');
    }),
  );
}

interface Speaking extends EventTarget {
  readonly room: {
    readonly state: { readonly phase: string };
    setMicrophone(on: boolean): void;
    setCamera(on: boolean): void;
  };
}

/** Microphone and camera on or off, by the element's own property. */
export const speak = (person: Person, on: boolean): Promise<void> =>
  person.page.evaluate((wanted) => {
    const { room } = document.querySelector('consult-room') as unknown as Speaking;
    room.setMicrophone(wanted);
    room.setCamera(wanted);
  }, on);

/** They come in silent and without a picture: before anyone arrives. */
export async function comeInSilent(people: readonly Person[]): Promise<void> {
  for (const { page } of people)
    await page.evaluate(() => {
      const element = document.querySelector('consult-room') as unknown as Speaking;
      element.addEventListener('consult-phase', () => {
        if (element.room.state.phase !== 'waiting') return;
        element.room.setMicrophone(false);
        element.room.setCamera(false);
      });
    });
}

/** From the links to a running call of the whole group, into which the guests come in this order. */
export async function gather(host: Person, guests: readonly (readonly [name: string, guest: Person])[]): Promise<void> {
  await Promise.all([host.arrive({ name: 'Frau Berger' }), ...guests.map(([name, guest]) => guest.prepare({ name }))]);
  for (const [name, guest] of guests) {
    await guest.knock();
    await host.click('admit-button');
    await until(
      () => state<readonly { readonly name: string }[]>(host, 'participants'),
      (others) => others.some((other) => other.name === name),
      `${name} among the participants`,
    );
  }
  await acknowledgeAll([host, ...guests.map(([, guest]) => guest)]);
}

/** The host removes a participant: the list of participants, the button beside the name, confirm. */
export async function takeOut(host: Person, name: string): Promise<void> {
  await host.clickMore('people-button');
  const handle = await host.page.waitForFunction(
    (label) => {
      const find = (root: ParentNode): HTMLElement | null => {
        for (const element of root.querySelectorAll<HTMLElement>('*')) {
          if (element.getAttribute('aria-label') === label) return element;
          const inner = element.shadowRoot && find(element.shadowRoot);
          if (inner) return inner;
        }
        return null;
      };
      return find(document);
    },
    { timeout: PATIENCE, polling: POLLING },
    `Entfernen: ${name}`,
  );
  await handle.asElement()?.evaluate((element) => (element as HTMLElement).click());
  await press(host, 'Aus dem Raum nehmen');
}
