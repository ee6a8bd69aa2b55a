import type { TestContext } from 'node:test';

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Another one each time; GREYMILTER_TEST_SEED repeats one, and a test that fails has told which. */
export function seedOfTest(t: TestContext): number {
  const seed = Number(process.env['GREYMILTER_TEST_SEED'] ?? Date.now() % 1_000_000);
  t.diagnostic(`GREYMILTER_TEST_SEED=${seed} repeats the moments of the kills`);
  return seed;
}
