import { setTimeout as sleep } from 'node:timers/promises';

const LIMIT_MS = 60_000;
const POLL_MS = 10;

/** Waits for what another process brings about; fails, with these words, if it does not. */
export async function waitUntil(
  isTrue: () => boolean | Promise<boolean>,
  what: string,
): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`not within ${LIMIT_MS} ms: ${what}`);
    await sleep(POLL_MS);
  }
}
