/** The longest a browser's timer can be set for, in milliseconds: some 24 days. */
const LONGEST = 2 ** 31 - 1;

/**
 * Does something at a point in time, however far away.
 *
 * @param time milliseconds since the epoch
 * @returns takes it back
 */
export function atTime(time: number, act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const wait = (): void => {
    const left = time - Date.now();
    timer = left > LONGEST ? setTimeout(wait, LONGEST) : setTimeout(act, Math.max(0, left));
  };
  wait();
  return () => clearTimeout(timer);
}
