import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { skipWithoutRedis } from '../support/redis-server.js';

const script = fileURLToPath(new URL('../../scripts/fill-store', import.meta.url));

function fillStore(...args: readonly string[]): {
  status: number | null;
  out: string;
  err: string;
} {
  const { status, stdout, stderr } = spawnSync(script, args, {
    encoding: 'utf8',
    timeout: 300_000,
  });
  return { status, out: stdout, err: stderr };
}

/** The figures of the line that begins so. */
function figuresOf(name: string, out: string): readonly number[] {
  const line = out.split('\n').find((text) => text.startsWith(`${name} `));
  assert.ok(line, `no line "${name}" in\n${out}`);
  return line.slice(name.length).trim().split(/\s+/).map(Number);
}

describe('scripts/fill-store', { skip: skipWithoutRedis() }, () => {
  test('fills a Cluster, weighs its records against JSON, and asks it from several filters', () => {
    const { status, out, err } = fillStore(
      ...['--triplets', '4000', '--compared', '2000', '--filters', '2'],
      ...['--sessions', '60', '--at-once', '4'],
    );
    assert.equal(status, 0, err);
    const [ours, ourBytes = 0] = figuresOf('one server, as greymilter has it', out);
    const [naive, naiveBytes = 0] = figuresOf('one server, as JSON', out);
    assert.deepEqual(
      [ours, naive, figuresOf('Cluster, its primaries', out)[0]],
      [2000, 2000, 4000],
    );
    assert.ok(ourBytes > 100 && ourBytes < 0.7 * naiveBytes, out);
    const commands = (name: string): readonly number[] => figuresOf(name, out).slice(5, 7);
    // The pair and what is known of its client. Beside them a filter reads some records a minute: who counts
    // what waits, and statistics.
    const [readsOfKnown = 0, writesOfKnown = 1] = commands('known triplet');
    assert.ok(readsOfKnown >= 2 && readsOfKnown < 2.5, out);
    // Statistics are written now and then.
    assert.ok(writesOfKnown < 0.5, out);
    const [readsOfNew = 0, writesOfNew = 0] = commands('new triplet');
    assert.ok(readsOfNew >= 2 && readsOfNew < 2.5, out);
    assert.ok(writesOfNew >= 1 && writesOfNew < 1.5, out);
  });

  test('says what is wrong with its arguments', () => {
    const { status, err } = fillStore('--triplets', 'many');
    assert.equal(status, 64);
    assert.match(err, /--triplets wants a whole number above 0, not "many"/);
  });
});
