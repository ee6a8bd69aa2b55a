import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, test, type TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { boundedLines, MAX_LINE } from '../../../src/reports/bounded-lines.js';
import { logSource, type LogSource } from '../../../src/reports/log-file.js';
import { noLines } from '../../../src/reports/log-reader.js';
import { readLogs } from '../../../src/reports/read-logs.js';
import { ReportError } from '../../../src/reports/report-error.js';
import { namedZone } from '../../../src/reports/zone.js';
import { LOG_START, postgreyLine } from '../../support/logged.js';
import { createTempDirectory } from '../../support/temp-directory.js';

const NOW = LOG_START + 86_400_000;

async function lines(...chunks: readonly string[]) {
  const read: string[] = [];
  let tooLong = 0;
  for await (const batch of boundedLines(
    Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
  )) {
    read.push(...batch.lines);
    tooLong += batch.tooLong;
  }
  return { read, tooLong };
}

describe('the lines of a text', () => {
  test('are the same however it is cut', async () => {
    const text = 'a\r\nbü\n\nc';
    const whole = await lines(text);
    assert.deepEqual(whole, { read: ['a', 'bü', '', 'c'], tooLong: 0 });
    assert.deepEqual(await lines(...Array.from(text)), whole);
    const bytes = [...Buffer.from(text)].map((byte) => Uint8Array.of(byte));
    const read: string[] = [];
    for await (const batch of boundedLines(Readable.from(bytes))) read.push(...batch.lines);
    assert.deepEqual(read, whole.read);
  });

  test('that are too long are counted, and nothing else is lost', async () => {
    const long = 'x'.repeat(MAX_LINE + 1);
    const expected = { read: ['a', 'b'], tooLong: 1 };
    assert.deepEqual(await lines(`a\n${long}\nb\n`), expected);
    assert.deepEqual(await lines('a\n', long, 'more', 'more\n', 'b'), expected);
    assert.deepEqual(await lines('a\nb\n', long, 'more'), expected);
  });
});

async function read(sources: readonly LogSource[], now = NOW) {
  const counts = noLines();
  const told: string[] = [];
  let bytes = 0;
  const options = {
    ...{ zone: namedZone('UTC'), greylistText: /Greylisted/, now, counts },
    onRead: (more: number) => (bytes += more),
  };
  for await (const decisions of readLogs(sources, options)) {
    told.push(...decisions.map(({ at, reason }) => `${(at - LOG_START) / 1000} ${reason}`));
  }
  return { told, counts, bytes };
}

function write(t: TestContext, files: Readonly<Record<string, string | Uint8Array>>) {
  const directory = createTempDirectory(t);
  return Object.entries(files).map(([name, text]) => {
    const path = join(directory, name);
    writeFileSync(path, text);
    utimesSync(path, NOW / 1000, NOW / 1000);
    return logSource(path, Readable.from([]));
  });
}

const first = postgreyLine(0, 'action=greylist, reason=new');
const second = postgreyLine(400, 'action=pass, reason=triplet found, delay=400');
const expected = ['0 greylist-new', '400 greylist-passed'];

describe('logs', () => {
  test('are read from the oldest, whatever the order of the files, packed or not', async (t) => {
    const sources = write(t, {
      'mail.log': `noise\n${second}`,
      'mail.log.1.gz': Buffer.concat([gzipSync('noise\n'), gzipSync(first)]),
      'mail.log.2': '',
    });
    const { told, counts, bytes } = await read(sources);
    assert.deepEqual(told, expected);
    assert.deepEqual(counts, { ...noLines(), lines: 4, decisions: 2, others: 2 });
    assert.equal(
      bytes,
      sources.reduce((sum, source) => sum + (source.bytes ?? 0), 0),
    );
  });

  test('come from a stream as well, of bytes or of text', async () => {
    for (const chunks of [[first, second], [gzipSync(first + second)]]) {
      const source = logSource('-', Readable.from(chunks));
      assert.equal(source.name, 'standard input');
      assert.deepEqual((await read([source])).told, expected);
    }
  });

  test('are left to themselves by whoever has read enough of a packed log', async () => {
    const packed = gzipSync(randomBytes(200_000));
    for (let turn = 0; turn < 20; turn++) {
      // The rest is still to come when the reader goes.
      const input = new Readable({ read: () => undefined });
      input.push(packed.subarray(0, 150_000));
      for await (const chunk of logSource('-', input).open()) {
        assert.ok(chunk.length > 0);
        break;
      }
      assert.ok(input.destroyed);
      await setImmediate();
    }
  });

  test('have the year in which they were written', async (t) => {
    const [source] = write(t, { 'mail.log': first });
    assert.ok(source !== undefined);
    const later = NOW + 400 * 86_400_000;
    assert.deepEqual((await read([source], later)).told, ['0 greylist-new']);
  });

  test('tell once what Postfix and Postgrey both say, in any order', async () => {
    const rejected =
      'Nov 20 00:00:01 mx postfix/smtpd[7]: NOQUEUE: reject: RCPT from mx.sender.example[192.0.2.1]: ' +
      '450 4.2.0 <ann@local.example>: Recipient address rejected: Greylisted, see x; ' +
      'from=<joe@sender.example> to=<ann@local.example> proto=ESMTP helo=<h>\n';
    for (const text of [first + rejected, rejected + first]) {
      const { told } = await read([logSource('-', Readable.from([text + second]))]);
      assert.deepEqual(told, expected);
    }
    const alone = await read([logSource('-', Readable.from([rejected + second + rejected]))]);
    assert.deepEqual(alone.told, ['1 greylist', '400 greylist-passed', '1 greylist']);
  });

  test('many at once come out in their order', async () => {
    const all = Array.from({ length: 3000 }, (_, index) =>
      postgreyLine(index * 20, 'action=greylist, reason=new', `a${index}@b.example`),
    );
    const { told } = await read([logSource('-', Readable.from(all))]);
    assert.deepEqual(
      told,
      all.map((_, index) => `${index * 20} greylist-new`),
    );
  });

  for (const [name, bytes] of [
    ['cut off', gzipSync(first).subarray(0, -9)],
    ['damaged', Buffer.concat([gzipSync(first).subarray(0, 20), Buffer.alloc(50, 7)])],
  ] as const) {
    test(`that are ${name} say so`, async (t) => {
      const [source] = write(t, { 'a.gz': bytes });
      assert.ok(source !== undefined);
      await assert.rejects(read([source]), { code: 'REPORT_DAMAGED' });
    });
  }

  test('that are not there say so', (t) => {
    const path = join(createTempDirectory(t), 'nothing');
    assert.throws(
      () => logSource(path, Readable.from([])),
      (error) => error instanceof ReportError && error.code === 'REPORT_UNREADABLE',
    );
  });

  test('that are a directory say so', async (t) => {
    const source = logSource(createTempDirectory(t), Readable.from([]));
    await assert.rejects(read([source]), { code: 'REPORT_UNREADABLE' });
  });

  test('that fail while they are read say so', async () => {
    const failing = new Readable({
      read() {
        this.destroy(Object.assign(new Error('no'), { code: 'EACCES' }));
      },
    });
    await assert.rejects(read([logSource('-', failing)]), { code: 'REPORT_PERMISSION' });
  });
});
