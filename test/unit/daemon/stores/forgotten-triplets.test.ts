import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ForgottenTriplets } from '../../../../src/daemon/stores/forgotten-triplets.js';
import { advance, correspondenceExpiresAt } from '../../../../src/greylist/advance.js';
import { encodeCorrespondence } from '../../../../src/greylist/correspondence-codec.js';
import { correspondenceKey } from '../../../../src/greylist/correspondence-key.js';
import type { Correspondence } from '../../../../src/greylist/correspondence.js';
import { parseIpAddress } from '../../../../src/mail/ip-address.js';
import { openLevelStore } from '../../../../src/store/level-store.js';
import { MINUTE, SETTINGS, T0 } from '../../../support/greylist-settings.js';
import { createManualClock } from '../../../support/manual-clock.js';
import { RecordingLogger } from '../../../support/recording-logger.js';
import { createTempDirectory } from '../../../support/temp-directory.js';

const client = parseIpAddress('192.0.2.1');
assert.ok(client !== undefined);
const network = SETTINGS.network;
const key = (sender: string): string =>
  correspondenceKey({ client, network, sender, recipient: 'b@example.org' });
const source = { address: client, name: undefined, isListed: false, proof: undefined };

/** What is stored after attempts at these minutes. */
function after(...minutes: readonly number[]): Correspondence {
  let record: Correspondence | undefined;
  for (const minute of minutes) {
    const attempt = { ...source, clockAt: undefined };
    record = advance(record, attempt, SETTINGS, T0 + minute * MINUTE).next;
  }
  assert.ok(record !== undefined);
  return record;
}

for (const [isTold, level] of [
  [true, 'info'],
  [false, 'debug'],
] as const)
  test(`what has expired is told at ${level} where that is ${isTold ? '' : 'not '}wanted`, () => {
    const logger = Object.assign(new RecordingLogger(), { isDebug: true });
    const forgotten = new ForgottenTriplets(logger);
    forgotten.isTold = isTold;
    const told = (sender: string, record: Correspondence) => {
      forgotten.count({ key: key(sender), value: encodeCorrespondence(record) });
      const entry = logger.entries.pop();
      assert.deepEqual([entry?.level, entry?.message], [level, 'triplet expired']);
      return entry?.fields;
    };
    const parties = { client: '192.0.2.1', to: 'b@example.org' };
    const passed = { ...parties, from: 'a@example.net', outcome: 'passed' };
    assert.deepEqual(told('a@example.net', after(0, 5)), passed);
    assert.deepEqual(told('', after(0)), { ...parties, from: '', outcome: 'never-returned' });
  });

test('what has expired is counted where nobody is told', () => {
  const logger = new RecordingLogger();
  const forgotten = new ForgottenTriplets(logger);
  forgotten.count({ key: key('a@example.net'), value: encodeCorrespondence(after(0, 5)) });
  assert.deepEqual(forgotten.counts, { 'never-returned': 0, 'returned-early': 0, passed: 1 });
  assert.deepEqual(logger.entries, []);
});

test('what the sweeper deletes is counted by how it ended', async (t) => {
  const forgotten = new ForgottenTriplets(new RecordingLogger());
  const gone: string[] = [];
  forgotten.listen(({ address, attempts }) => gone.push(`${address.text} ${attempts}`));
  const clock = createManualClock(T0);
  const store = await openLevelStore({
    path: createTempDirectory(t),
    durability: 'process',
    clock: { now: clock.now, monotonicNow: clock.now },
    onExpired: (entry) => forgotten.count(entry),
  });
  t.after(() => store.close());
  const records = [after(0), after(0), after(0, 1), after(0, 5)];
  for (const [index, record] of records.entries()) {
    const next = {
      value: encodeCorrespondence(record),
      expiresAt: correspondenceExpiresAt(record),
    };
    await store.compareAndSet(key(`a${index}@example.net`), undefined, next);
  }
  const other = { value: Buffer.from('?'), expiresAt: T0 + MINUTE };
  await store.compareAndSet('something else', undefined, other);
  clock.advance(4 * 24 * 60 * MINUTE);
  await store.sweep();
  assert.deepEqual(forgotten.counts, { 'never-returned': 2, 'returned-early': 1, passed: 0 });
  clock.advance(40 * 24 * 60 * MINUTE);
  await store.sweep();
  assert.deepEqual(forgotten.counts, { 'never-returned': 2, 'returned-early': 1, passed: 1 });
  assert.deepEqual(gone, ['192.0.2.1 1', '192.0.2.1 1']);
});

test('a record that cannot be read is not counted, and said to who debugs', () => {
  const logger = new RecordingLogger();
  const forgotten = new ForgottenTriplets(logger);
  forgotten.count({ key: key('a@example.net'), value: Buffer.from('garbage') });
  assert.deepEqual(forgotten.counts, { 'never-returned': 0, 'returned-early': 0, passed: 0 });
  assert.equal(logger.entries[0]?.level, 'debug');
});
