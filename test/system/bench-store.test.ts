import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ask } from '../../scripts/benchmark/admin-requests.js';
import { StoreShelf } from '../../scripts/benchmark/filled-store.js';
import { runMilter } from '../../scripts/benchmark/milter-load.js';
import { startAsked, type AskedSubject } from '../../scripts/benchmark/subjects.js';
import { bench, readBenchReport, type BenchRow } from '../support/bench.js';
import { lastFirst } from '../support/clean-ups.js';
import { createTempDirectory } from '../support/temp-directory.js';

type Figures = Readonly<Record<string, number>>;

interface Size {
  readonly triplets: number;
  readonly startMs: number;
  readonly bytes: Figures;
  readonly memoryAtStart: Figures;
  readonly memoryAfter: Figures;
  readonly rows: readonly BenchRow[];
  readonly stalls: readonly BenchRow[];
}

const DAY_MS = 86_400_000;

async function commitsOf({ admin }: AskedSubject): Promise<number> {
  const [, commits] =
    /^greymilter_store_commits_total (\d+)$/m.exec(await ask(admin, '/metrics')) ?? [];
  return Number(commits);
}

describe('scripts/bench store', () => {
  test('what it asks for as known is only read, however old a store of the cache is', async (t) => {
    const cleanUps = lastFirst(t);
    const directory = createTempDirectory(cleanUps);
    const [cache, store] = [join(directory, 'cache'), join(directory, 'full.db')];
    const told: string[] = [];
    const tell = (line: string): void => void told.push(line);
    await new StoreShelf(cache, tell, () => Date.now() - 13 * DAY_MS).take(300, store);
    assert.equal(told.length, 1);
    await new StoreShelf(cache, tell).take(300, store);
    assert.equal(told.length, 1, 'it is taken from the cache');
    const subject = await startAsked({ name: 'full', directory, store });
    cleanUps.after(() => subject.stop());
    const before = await commitsOf(subject);
    const known = { first: 0, sessions: 300, triplets: 300, expected: 'continue' as const };
    await runMilter({ path: subject.path, atOnce: 1, ...known });
    // Statistics are written now and then.
    assert.ok((await commitsOf(subject)) - before < 5);
  });

  test('a store that was filled in another way is not used', async (t) => {
    const directory = createTempDirectory(t);
    const told: string[] = [];
    const shelf = new StoreShelf(directory, (line) => told.push(line));
    await shelf.take(30, join(directory, 'full.db'));
    const note = { triplets: 30, filledAt: Date.now(), bytes: { filled: 1, compacted: 1 } };
    writeFileSync(join(directory, 'triplets-30.json'), JSON.stringify(note));
    const { bytes } = await shelf.take(30, join(directory, 'full.db'));
    assert.equal(told.length, 2);
    assert.ok(bytes.filled > 30);
  });

  test('measures a full store: size, memory, start, sessions, and what else goes on', (t) => {
    const directory = createTempDirectory(t);
    const [file, cache] = [join(directory, 'report.json'), join(directory, 'cache')];
    const { status, out, err } = bench(
      ...['store', '--triplets', '3000', '--cache', cache, '--rounds', '1', '--sessions', '40'],
      ...['--at-once', '4', '--rate', '50', '--seconds', '1', '--json', file],
    );
    assert.equal(status, 0, err);
    const { empty, sizes } = readBenchReport(file) as { empty: Size; sizes: readonly Size[] };
    assert.ok(empty.startMs > 0);
    const [size] = sizes;
    assert.ok(size !== undefined && sizes.length === 1);
    assert.equal(size.triplets, 3000);
    assert.ok(size.startMs > 0);
    for (const bytes of Object.values(size.bytes)) assert.ok(bytes > 3000 * 20, String(bytes));
    for (const bytes of Object.values({ ...size.memoryAtStart, ...size.memoryAfter }))
      assert.ok(bytes > 2 ** 20, String(bytes));
    assert.deepEqual(
      size.rows.map(({ name }) => name),
      ['known, of few', 'new, of few', 'known, of 3000', 'new, of 3000'],
    );
    assert.deepEqual(
      size.stalls.map(({ name }) => name),
      [
        'nothing else',
        'the page open',
        'a backup',
        'a compaction',
        'a reload of a long list',
        'an import of a million',
      ],
    );
    for (const { name, ...figures } of size.stalls)
      for (const value of Object.values(figures)) assert.ok(Number(value) > 0, name);
    assert.match(out, /^session .* p99 µs +p99\.9 µs$/m);
    assert.match(out, /^3000 triplets, 50 sessions in each second:$/m);
    assert.deepEqual(readdirSync(cache).sort(), ['triplets-3000', 'triplets-3000.json']);
  });
});
