/** The longest delay that `setTimeout` accepts, in milliseconds: about 24 days. */
const LONGEST = 2 ** 31 - 1;

/**
 * Calls a function at a point in time, however far away: longer waits are split into several timers.
 *
 * @param time milliseconds since the epoch; a past time calls in the next task
 * @returns cancels the call
 */
export function runAt(time: number, act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const wait = (): void => {
    const left = time - Date.now();
    timer = left > LONGEST ? setTimeout(wait, LONGEST) : setTimeout(act, Math.max(0, left));
  };
  wait();
  return () => clearTimeout(timer);
}
