/** With `?scripted` in its address, a page shows a room that needs no server: the counsellor admits the guest and greets. */
export async function scripted(): Promise<void> {
  if (location.search !== '?scripted') return;
  const { replaceRooms, ScriptedRoom } = await import('consult-room/testing');
  replaceRooms(
    () =>
      new ScriptedRoom({
        script: {
          waiting: ({ others }) => others.enter({ name: 'Frau Sommer' }),
          active: ({ others }) => others.say('p1', 'Guten Tag!'),
        },
      }),
  );
}
