import assert from 'node:assert/strict';
import { test } from 'node:test';

import { addException, removeException } from '../../../../src/admin/exception-records.js';
import { HandExceptions } from '../../../../src/daemon/greylisting/hand-exceptions.js';
import { HAND_EXCEPTIONS_KEY } from '../../../../src/greylist/hand-exceptions.js';
import { parseIpAddress } from '../../../../src/mail/ip-address.js';
import { createManualClock } from '../../../support/manual-clock.js';
import { MemoryStore } from '../../../support/memory-store.js';
import { createRecordingLogger } from '../../../support/recording-logger.js';

const address = parseIpAddress('192.0.2.7');
assert.ok(address !== undefined);
const seeker = { address, sender: 'a@b.example', domain: 'b.example' };
const wanted = { client: '192.0.2.0/24', sender: undefined, forMs: 60_000 };

test('exceptions are read once, and again when they are said to have changed', async (t) => {
  const clock = createManualClock();
  const store = new MemoryStore({ clock });
  const exceptions = new HandExceptions(store, createRecordingLogger(t));
  const isFound = (): boolean => exceptions.find(seeker, clock.now()) !== undefined;
  assert.equal(isFound(), false);
  const { id } = await addException(store, wanted, clock.now());
  assert.equal(isFound(), false);
  exceptions.refresh();
  assert.equal(isFound(), true);
  exceptions.refresh();
  assert.equal(isFound(), true);
  await removeException(store, id, clock.now());
  exceptions.refresh();
  assert.equal(isFound(), false);
});

test('a store that answers later has its exceptions later', async (t) => {
  const clock = createManualClock();
  const store = new MemoryStore({ clock });
  await addException(store, wanted, clock.now());
  const later = { get: (key: string) => Promise.resolve(store.get(key)) };
  const exceptions = new HandExceptions(later, createRecordingLogger(t));
  assert.equal(exceptions.find(seeker, clock.now()), undefined);
  await Promise.resolve();
  await Promise.resolve();
  assert.ok(exceptions.find(seeker, clock.now()) !== undefined);
});

test('what cannot be read stays as it was', async (t) => {
  const clock = createManualClock();
  const logger = createRecordingLogger(t);
  const store = new MemoryStore({ clock });
  await addException(store, wanted, clock.now());
  const exceptions = new HandExceptions(store, logger);
  exceptions.refresh();
  store.failReads = true;
  exceptions.refresh();
  assert.ok(exceptions.find(seeker, clock.now()) !== undefined);
  store.failReads = false;
  const entry = store.get(HAND_EXCEPTIONS_KEY);
  const next = { value: Buffer.from('?'), expiresAt: clock.now() + 60_000 };
  assert.ok(await store.compareAndSet(HAND_EXCEPTIONS_KEY, entry, next));
  exceptions.refresh();
  assert.equal(logger.take('record cannot be read').fields['code'], 'CORRESPONDENCE_DAMAGED');
  assert.ok(exceptions.find(seeker, clock.now()) !== undefined);
});

test('there is an end to their number', async () => {
  const clock = createManualClock();
  const store = new MemoryStore({ clock });
  const add = (client: string) => addException(store, { ...wanted, client }, clock.now());
  for (let n = 0; n < 1000; n++) await add(`10.0.${n >> 8}.${n & 255}`);
  await assert.rejects(add('192.0.2.1'), { code: 'ADMIN_BAD_REQUEST' });
  assert.equal((await add('10.0.0.0')).client, '10.0.0.0');
  clock.advance(60_000);
  assert.equal((await add('192.0.2.1')).client, '192.0.2.1');
});
