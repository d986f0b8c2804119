/** A page that stands still loses one part of its patience, however long that lasts. */
const PARTS = 10;

/**
 * Waits while the page runs. One that stood still for seconds, as on a slow device that is loading, has what it waits for in its queue,
 * behind a timer that would give up.
 *
 * @param over called once, after this many milliseconds
 * @returns ends the waiting
 */
export function patience(milliseconds: number, over: () => void): () => void {
  let left = PARTS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (): void => {
    if (left === 0) return over();
    left -= 1;
    timer = setTimeout(wait, milliseconds / PARTS);
  };
  wait();
  return () => clearTimeout(timer);
}
