/** Two at once: a guest is software emulation, and takes a core for itself. */
const AT_ONCE = 2;

let running = 0;
const waiting: (() => void)[] = [];

/** Runs a job when fewer than two are running; in the order in which they were asked for. */
export async function inTurn<T>(job: () => Promise<T>): Promise<T> {
  if (running < AT_ONCE) running += 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await job();
  } finally {
    // The place goes to who has waited longest; it is never free in between.
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}
