import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkLevelStore } from '../../src/store/check-level-store.js';
import {
  endOf,
  FOOTER_BYTES,
  readEntries,
  readFooter,
  readHandles,
} from '../../src/store/level/table-format.js';
import { repairLevelStore } from '../../src/store/repair-level-store.js';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { waitUntil } from '../support/wait-until.js';
import { openSession, recipient, tryRecipient, waitFor } from './smtp-session.js';

const delayMs = 180_000;
const senders = Array.from({ length: 400 }, (_, index) => `sender${index}@client.example`);

async function sendAll(daemon: TestDaemon): Promise<readonly string[]> {
  const peer = await daemon.connect();
  await openSession(peer);
  const told: string[] = [];
  for (const sender of senders) {
    await peer.mail(`<${sender}>`);
    told.push(await tryRecipient(peer, recipient));
    peer.abort();
  }
  peer.drop();
  return told;
}

function middleOf<T>(list: readonly T[]): T {
  const middle = list[list.length >> 1];
  assert.ok(middle !== undefined);
  return middle;
}

/**
 * Turns over a bit in the middle of the largest table, in a value: were it in a key, LevelDB might end
 * the process as soon as it compacts the table.
 */
function flipBit(store: string): string {
  const tables = readdirSync(store).filter((name) => name.endsWith('.ldb'));
  const sizeOf = (name: string): number => statSync(join(store, name)).size;
  const [table = ''] = tables.sort((one, other) => sizeOf(other) - sizeOf(one));
  const bytes = readFileSync(join(store, table));
  const footer = readFooter(bytes.subarray(-FOOTER_BYTES), bytes.length - FOOTER_BYTES);
  assert.ok(footer !== undefined);
  const blocks = readHandles(bytes.subarray(footer.index.offset, endOf(footer.index))) ?? [];
  const block = middleOf(blocks);
  const { value } = middleOf(readEntries(bytes.subarray(block.offset, endOf(block))) ?? []);
  const at = bytes.indexOf(value, block.offset) + (value.length >> 1);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 16, at);
  writeFileSync(join(store, table), bytes);
  return table;
}

test('a bit of a table turns over while the filter runs: it is told, and mail goes on', async (t) => {
  const checkPace = { firstMs: 1, pauseMs: 20 };
  const daemon = await startTestDaemon(t, { checkPace });
  const store = join(daemon.directory, 'db');
  const isLogged = (message: string): boolean =>
    daemon.logger.entries.some((entry) => entry.message === message);
  assert.deepEqual(new Set(await sendAll(daemon)), new Set([waitFor(180)]));
  // Twice, so that what the store says of itself also stands in a newer table.
  for (let times = 0; times < 2; times++) {
    await daemon.stop();
    await daemon.start();
  }
  await waitUntil(() => isLogged('the files of the store are checked'), 'the files are checked');
  assert.doesNotMatch(daemon.daemon.statusLine, /DAMAGED/);

  const table = flipBit(store);
  await waitUntil(() => isLogged('a file of the store is damaged'), 'the damage is told');
  const { level, fields } = daemon.logger.take('a file of the store is damaged');
  const { code, file, blocks, error } = fields;
  assert.deepEqual([level, code, file, blocks], ['error', 'STORE_DAMAGED', table, 1]);
  assert.match(String(error), /greymilter repair/);
  await waitUntil(() => daemon.daemon.statusLine.startsWith('THE STORE IS DAMAGED'), 'it is shown');

  daemon.clock.advance(delayMs);
  const told = await sendAll(daemon);
  const legal = new Set(['continue', ...Array.from({ length: 180 }, (_, at) => waitFor(at + 1))]);
  assert.deepEqual(
    told.filter((answer) => !legal.has(answer)),
    [],
  );
  await daemon.stop();
  // Whoever was looked for in that block was told of, too, if what is left of it made no sense.
  for (const entry of daemon.logger.takeAll()) {
    if (entry.message === 'record cannot be read') continue;
    const itsCode = String(entry.fields['code']);
    assert.match(itsCode, /^(STORE_DAMAGED|CORRESPONDENCE_NEWER_FORMAT)$/, entry.message);
  }

  const { kind } = await repairLevelStore(store, daemon.clock.now());
  assert.equal(kind, 'repaired');
  assert.deepEqual((await checkLevelStore(store)).bad, []);
  await daemon.start();
  const waiting = (await sendAll(daemon)).filter((answer) => answer !== 'continue');
  assert.ok(waiting.length < senders.length / 4, `${waiting.length} wait once more`);
  daemon.clock.advance(delayMs);
  assert.deepEqual(new Set(await sendAll(daemon)), new Set(['continue']));
});
