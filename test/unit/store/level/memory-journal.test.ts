import assert from 'node:assert/strict';
import {
  chmodSync,
  cpSync,
  linkSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { Commit } from '../../../../src/store/level/commit.js';
import { decodeEntries, EntryEncoder } from '../../../../src/store/level/journal-entries.js';
import { MemoryJournal, readJournal } from '../../../../src/store/level/memory-journal.js';
import { limitFiles, limitFileSize } from '../../../support/limit-files.js';
import { createTempDirectory } from '../../../support/temp-directory.js';

const owner = { store: '/the/store', generation: 1, mark: 'one' };

/** Whose files are believed. */
const owners = [process.geteuid?.()];

/** A commit with something of each kind. */
function commitOf(slot: number, value = 'v'): Commit {
  const commit = new Commit();
  const entry = { key: `key ${slot}`, value: Buffer.from(value), expiresAt: 7000 };
  commit.slots.set(slot, [{ ...entry, commit: undefined }]);
  commit.slots.set(2 ** 53 - 1, []);
  commit.listExpiry(12, slot);
  commit.listExpiry(12, 5);
  commit.sweptPages.push(Buffer.from('xpage'));
  commit.clockNote = 1_700_000_000_123;
  return commit;
}

/** What of it is to come back. */
function contentOf(commit: Commit): unknown {
  const slots = Array.from(commit.slots, ([slot, content]) => [
    slot,
    content.map(({ key, value, expiresAt }) => [key, Buffer.from(value).toString(), expiresAt]),
  ]);
  const swept = commit.sweptPages.map((page) => Buffer.from(page).toString());
  return { slots, expiries: [...commit.expiries], swept, clockNote: commit.clockNote };
}

function entryOf(commit: Commit, number: number): Buffer {
  return Buffer.from(new EntryEncoder().encode(commit, number));
}

/** Closed when the test ends. */
async function open(
  t: TestContext,
  directory = createTempDirectory(t),
  of = owner,
): Promise<MemoryJournal> {
  const onFailed = (error: unknown): void => t.diagnostic(String(error));
  const journal = await MemoryJournal.create(directory, of, { onFailed });
  t.after(() => journal.close());
  return journal;
}

/** Closed by the test. */
function create(t: TestContext): Promise<MemoryJournal> {
  return MemoryJournal.create(createTempDirectory(t), owner, { onFailed: () => undefined });
}

/** The first slot of each commit that would be taken over. */
async function left(journal: MemoryJournal, upTo: number): Promise<readonly unknown[] | undefined> {
  const commits = await readJournal(journal.place, upTo, owners);
  return commits?.map((commit) => [...commit.slots.keys()][0]);
}

describe('an entry of the journal', () => {
  test('comes back as it was', () => {
    const [first, second] = [commitOf(3), commitOf(4, 'x'.repeat(40_000))];
    const encoder = new EntryEncoder();
    const bytes = Buffer.concat([
      Buffer.from(encoder.encode(first, 41)),
      Buffer.from(encoder.encode(second, 42)),
    ]);
    const entries = decodeEntries(bytes);
    assert.deepEqual(
      entries.map(({ number }) => number),
      [41, 42],
    );
    assert.deepEqual(
      entries.map(({ commit }) => contentOf(commit)),
      [first, second].map(contentOf),
    );
  });

  test('counts whole or not at all, wherever it ends and whatever bit is wrong', () => {
    const [first, second] = [entryOf(commitOf(1), 1), entryOf(commitOf(2), 2)];
    for (let length = 0; length < second.length; length++) {
      const bytes = Buffer.concat([first, second.subarray(0, length), Buffer.alloc(400, 0xff)]);
      assert.equal(decodeEntries(bytes).length, 1, `after ${length} bytes`);
    }
    for (let bit = 0; bit < 8 * second.length; bit++) {
      const bytes = Buffer.concat([first, second]);
      const at = first.length + (bit >> 3);
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (bit & 7)), at);
      assert.equal(decodeEntries(bytes).length, 1, `bit ${bit}`);
    }
  });

  test('is not taken for a newer one if it is left from an earlier turn', () => {
    const bytes = Buffer.concat([entryOf(commitOf(1), 9), entryOf(commitOf(2), 5)]);
    assert.equal(decodeEntries(bytes).length, 1);
  });
});

describe('the journal', () => {
  test('has what the database lacks, in its order, across both halves', async (t) => {
    const journal = await open(t);
    assert.deepEqual(await left(journal, 0), []);
    for (const slot of [11, 12]) assert.ok(journal.append(commitOf(slot)));
    journal.turn();
    for (const slot of [13, 14]) assert.ok(journal.append(commitOf(slot)));
    assert.deepEqual(await left(journal, 0), [11, 12, 13, 14]);
    assert.deepEqual(await left(journal, 2), [13, 14]);
    journal.release(2);
    journal.turn();
    assert.ok(journal.append(commitOf(15)));
    assert.deepEqual(await left(journal, 2), [13, 14, 15]);
    assert.deepEqual(await left(journal, 4), [15]);
    assert.deepEqual(await left(journal, 5), []);
  });

  test('stays in its half while the database has not got what stands in the other', async (t) => {
    const journal = await open(t);
    assert.ok(journal.append(commitOf(11)));
    journal.turn();
    assert.ok(journal.append(commitOf(12)));
    journal.turn();
    assert.ok(journal.append(commitOf(13)));
    assert.deepEqual(await left(journal, 0), [11, 12, 13]);
  });

  test('has what is newer for a database that has lost its end, but forgets no page of it', async (t) => {
    const journal = await open(t);
    for (const slot of [11, 12]) assert.ok(journal.append(commitOf(slot)));
    journal.release(2);
    assert.ok(journal.append(commitOf(13)));
    const [whole] = (await readJournal(journal.place, 2, owners)) ?? [];
    assert.deepEqual([whole?.slots.has(13), whole?.sweptPages.length], [true, 1]);
    const [newer] = (await readJournal(journal.place, 0, owners)) ?? [];
    assert.deepEqual([newer?.slots.has(13), newer?.sweptPages.length], [true, 0]);
    assert.deepEqual([...(newer?.expiries.keys() ?? [])], [12]);
  });

  test('takes no more than it has room for, and is as large from the beginning', async (t) => {
    const journal = await open(t);
    const { size } = statSync(journal.place.path);
    let taken = 0;
    while (journal.append(commitOf(taken, 'x'.repeat(1000)))) taken++;
    assert.ok(taken > 100);
    assert.equal(statSync(journal.place.path).size, size);
    assert.equal((await left(journal, 0))?.length, taken);
    journal.turn();
    assert.ok(journal.append(commitOf(1)));
  });

  test('says once that it cannot be written, and takes part again when it can', async (t) => {
    const problems: unknown[] = [];
    const journal = await MemoryJournal.create(createTempDirectory(t), owner, {
      onFailed: (error) => problems.push(error),
    });
    t.after(() => journal.close());
    limitFiles(true);
    try {
      for (const slot of [1, 2]) assert.equal(journal.append(commitOf(slot)), false);
    } finally {
      limitFiles(false);
    }
    assert.equal(problems.length, 1);
    assert.ok(journal.append(commitOf(3)));
    assert.deepEqual(await left(journal, 0), [3]);
  });

  test('takes nothing any more once it has been removed', async (t) => {
    const problems: unknown[] = [];
    const journal = await MemoryJournal.create(createTempDirectory(t), owner, {
      onFailed: (error) => problems.push(error),
    });
    t.after(() => journal.close());
    assert.ok(journal.append(commitOf(1)));
    rmSync(journal.place.path);
    writeFileSync(journal.place.path, 'another');
    // It is looked at once a second.
    const later = performance.now() + 2000;
    t.mock.method(performance, 'now', () => later);
    for (const slot of [2, 3]) assert.equal(journal.append(commitOf(slot)), false);
    assert.match(String(problems), /journal has been removed$/);
  });

  test('is removed when it is closed, but not with what the database lacks', async (t) => {
    const [empty, full] = [await create(t), await create(t)];
    assert.equal(statSync(empty.place.path).mode & 0o777, 0o600);
    assert.ok(empty.append(commitOf(1)));
    empty.release(1);
    await empty.close();
    assert.equal(await left(empty, 0), undefined);
    assert.ok(full.append(commitOf(1)));
    await full.close();
    assert.deepEqual(await left(full, 0), [1]);
  });

  test('takes away what others of the same store have left, and of no other', async (t) => {
    const directory = createTempDirectory(t);
    const others = [owner, { ...owner, store: '/a/copy' }, { ...owner, mark: 'two' }];
    const opened = await Promise.all(others.map((other) => open(t, directory, other)));
    const [same, copy, stranger] = opened.map(({ place }) => place.path);
    const journal = await open(t, directory);
    await journal.removeOthers();
    const left = readdirSync(directory).map((name) => join(directory, name));
    assert.deepEqual(left.sort(), [copy, stranger, journal.place.path].sort());
    assert.ok(!left.includes(same ?? ''));
  });

  test('is not taken for one if it is another file', async (t) => {
    const journal = await open(t);
    assert.ok(journal.append(commitOf(1)));
    const { path } = journal.place;
    assert.equal(await readJournal({ ...journal.place, id: '0'.repeat(32) }, 0, owners), undefined);
    const link = `${path}.link`;
    symlinkSync(path, link);
    assert.equal(await readJournal({ ...journal.place, path: link }, 0, owners), undefined);
    assert.equal(
      await readJournal({ ...journal.place, path: join(path, '..') }, 0, owners),
      undefined,
    );
    assert.equal(await readJournal(journal.place, 0, [12_345]), undefined, 'of somebody else');
    chmodSync(path, 0o620);
    assert.equal(await left(journal, 0), undefined, 'others may write to it');
    chmodSync(path, 0o600);
    linkSync(path, `${path}.again`);
    assert.equal(await left(journal, 0), undefined, 'it has another name');
    rmSync(`${path}.again`);
    assert.deepEqual(await left(journal, 0), [1]);
    const elsewhere = join(path, '..', 'other.journal');
    cpSync(path, elsewhere);
    assert.equal(await readJournal({ ...journal.place, path: elsewhere }, 0, owners), undefined);
    writeFileSync(path, readFileSync(path).subarray(0, 20));
    assert.equal(await left(journal, 0), undefined);
    rmSync(path);
    assert.equal(await left(journal, 0), undefined);
  });

  test('leaves nothing behind where it cannot be made', async (t) => {
    const directory = createTempDirectory(t);
    // Enough for what the test itself writes meanwhile.
    limitFileSize(100_000);
    try {
      const hooks = { onFailed: () => undefined };
      await assert.rejects(MemoryJournal.create(directory, owner, hooks), { code: 'EFBIG' });
    } finally {
      limitFiles(false);
    }
    assert.deepEqual(readdirSync(directory), []);
  });
});
