import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Fuzzer } from './fuzzer.js';
import type { FuzzFailure } from './fuzz-target.js';
import { formatInput, readInputs } from './inputs-file.js';
import { fuzzTargets } from './targets/index.js';

const folder = new URL('../fixtures/fuzz/', import.meta.url);

/** The same ones each time: what is new is looked for by scripts/fuzz. */
const seed = 10;
const usualInputs = 200;
/** Of those that take long to be read. */
const fewInputs: ReadonlyMap<string, number> = new Map([
  ...(['yaml-configurations', 'greylist-confs', 'list-files'] as const).map(
    (name) => [name, 40] as const,
  ),
]);

function tell(failure: FuzzFailure | undefined): void {
  if (failure === undefined) return;
  const { target, input, error } = failure;
  assert.fail(
    `${target} does not stand this input:\n${formatInput(input)}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
}

describe('whatever comes in', () => {
  for (const target of fuzzTargets) {
    test(`${target.name}: what was found before, and some more, is stood`, async () => {
      const corpus = readInputs(fileURLToPath(new URL(`${target.name}.jsonl`, folder)));
      const fuzzer = new Fuzzer(target, { seed, corpus });
      tell(await fuzzer.replay());
      tell(await fuzzer.tryInputs(fewInputs.get(target.name) ?? usualInputs));
    });
  }

  test('each file of what was found belongs to a target', () => {
    const names = fuzzTargets.map(({ name }) => `${name}.jsonl`);
    const strange = readdirSync(folder).filter((name) => !names.includes(name));
    assert.deepEqual(strange, ['README.md']);
  });
});
