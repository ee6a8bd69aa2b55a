import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { decodeCorrespondence } from '../../../src/greylist/correspondence-codec.js';
import { parseCorrespondenceKey } from '../../../src/greylist/correspondence-key.js';
import { decodeTarpit, isTarpitKey, tarpitKey } from '../../../src/greylist/tarpit-record.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import { MigrateError } from '../../../src/migrate/migrate-error.js';
import { readLines } from '../../../src/migrate/read-lines.js';
import {
  milterGreylistRefusals,
  readMilterGreylist,
} from '../../../src/migrate/read-milter-greylist.js';
import type { ReadBatch } from '../../../src/migrate/stored-record.js';
import { writeMilterGreylist } from '../../../src/migrate/write-milter-greylist.js';
import { DAY, HOUR, MINUTE } from '../../support/greylist-settings.js';
import { chunksOf, collect, foreignTerms } from '../../support/import-rig.js';

const NOW = Date.UTC(2026, 10, 21, 3);
const seconds = (at: number): number => at / 1000;
const SOON = seconds(NOW + 10 * MINUTE);
const TOMORROW = seconds(NOW + DAY);

function read(text: string, more: Parameters<typeof foreignTerms>[1] = {}): Promise<ReadBatch> {
  const terms = { delayMs: 30 * MINUTE, retryWindowMs: 5 * DAY, ...more };
  return collect(readMilterGreylist(readLines(chunksOf(text)), foreignTerms(NOW, terms)));
}

function partition(
  records: ReadBatch['records'],
  isFirst: (record: ReadBatch['records'][number]) => boolean,
) {
  return [records.filter(isFirst), records.filter((record) => !isFirst(record))] as const;
}

/** `192.0.2.1 a@s -> b@r until 123` for each record. */
function told({ records }: ReadBatch): readonly string[] {
  return records.map(({ key, value }) => {
    const parsed = parseCorrespondenceKey(key);
    const sender = parsed?.kind === 'pair' ? parsed.sender : '<>';
    const [source] = decodeCorrespondence(value).sources;
    assert.ok(parsed !== undefined && source !== undefined);
    const state =
      source.passedAt === undefined
        ? `waits until ${seconds(source.acceptAt ?? 0) - seconds(NOW)}`
        : `known until ${seconds(source.expiresAt - 1) - seconds(NOW)}`;
    return `${source.address.text} ${sender} -> ${parsed.recipient} ${state}`;
  });
}

const HEAD = `#
# milter-greylist databases, dumped by milter-greylist-4.6.4 on 2026-11-21 03:06:27.
# DO NOT EDIT while milter-greylist is running, changes will be overwritten.
#


#
# stored tuples
#
# Sender IP\tSender e-mail\tRecipient e-mail\tTime accepted\tUnsuccessful shortest tarpit
`;

describe("milter-greylist's dump file", () => {
  test('of version 4.6', async () => {
    const batch = await read(
      `${HEAD}192.0.2.10\t<alice@s.example>\t<bob@r.example>\t${SOON} # 2026-11-21 03:10:00\n` +
        `192.0.2.11\t<>\t<carol@r.example>\t${TOMORROW} AUTO # 2026-11-22 03:00:00\n` +
        `2001:db8::1\t<a@s.example>\t<b@r.example>\t${SOON}\t0 TARPIT # 2026-11-21 03:16:42\n` +
        '#\n# Summary: 3 records, 1 greylisted, 1 whitelisted, 1 tarpitted\n#\n',
    );
    const [tarpits, triplets] = partition(batch.records, ({ key }) => isTarpitKey(key));
    assert.deepEqual(told({ ...batch, records: triplets }), [
      '192.0.2.10 alice@s.example -> bob@r.example waits until 600',
      '192.0.2.11 <> -> carol@r.example known until 86400',
    ]);
    assert.equal(tarpits.length, 1);
    assert.deepEqual(batch.refused, []);
  });

  test('who hung up in the tarpit is known to have, as long as what waits is', async () => {
    const line = (at: number): string => `2001:db8::1\t<A@s>\t<b@r>\t${at}\t0 TARPIT # x\n`;
    const over = seconds(NOW - 5 * DAY - MINUTE);
    const { records, expired } = await read(HEAD + line(SOON) + line(over));
    const client = parseIpAddress('2001:db8::1');
    assert.ok(client);
    const parties = { client, sender: 'a@s', recipient: 'b@r', network: { ipv4: 24, ipv6: 64 } };
    const [record, ...others] = records;
    assert.deepEqual([others, expired], [[], 1]);
    assert.equal(record?.key, tarpitKey(parties));
    assert.equal(decodeTarpit(record.value), 'left');
    assert.equal(record.expiresAt, NOW + 10 * MINUTE + 5 * DAY + 1);
  });

  test('without the translation of times', async () => {
    const batch = await read(
      `${HEAD}192.0.2.10\t<a@s>\t<b@r>\t${SOON} \n192.0.2.11\t<a@s>\t<b@r>\t${TOMORROW} AUTO\n`,
    );
    assert.deepEqual(told(batch), [
      '192.0.2.10 a@s -> b@r waits until 600',
      '192.0.2.11 a@s -> b@r known until 86400',
    ]);
  });

  test('of versions 1.0 to 4.2: two sections, padded columns, other words', async () => {
    const batch = await read(
      `#\n# milter-greylist databases, dumped by milter-greylist-1.0\n#\n# greylisted tuples\n` +
        `192.0.2.10          <alice@s.example>                <bob@r.example>                  ${SOON}\n` +
        `#\n# Auto-whitelisted tuples\n#\n# Sender IP\tSender e-mail\tRecipient e-mail\tExpire\n` +
        `192.0.2.11 <x@s.example> <y@r.example> ${TOMORROW} auto\n`,
    );
    assert.deepEqual(told(batch), [
      '192.0.2.10 alice@s.example -> bob@r.example waits until 600',
      '192.0.2.11 x@s.example -> y@r.example known until 86400',
    ]);
  });

  test('whose last line has no end, with comments and blank lines anywhere', async () => {
    const batch = await read(
      `# milter-greylist\n\n \t\n  # more\n192.0.2.1 <a@s> <b@r> ${SOON}#\n192.0.2.2 a@s b@r ${SOON} # x`,
    );
    assert.deepEqual(told(batch), ['192.0.2.2 a@s -> b@r waits until 600']);
    assert.deepEqual(
      batch.refused.map(({ line }) => line),
      [5],
    );
  });

  const addresses: readonly (readonly [written: string, kept: string])[] = [
    ['<a@[192.0.2.1]>', 'a@[192.0.2.1]'],
    ['<a,b:c(d)@s>', '"a,b:c(d)"@s'],
    ['<jos\u00e9@s>', 'jos\u00e9@s'],
    ['<"a_b"@s>', 'a_b@s'],
    ['<"a b"@s>', '"a b"@s'],
    ['<a#b@s>', 'a#b@s'],
    ['a@s', 'a@s'],
    ['<a@s', 'a@s'],
    ['a@s>', 'a@s'],
    ['<postmaster>', 'postmaster'],
    ['<A@S>', 'a@s'],
  ];
  for (const [written, kept] of addresses) {
    test(`with the address ${written}`, async () => {
      const batch = await read(`192.0.2.1\t${written}\t${written}\t${SOON}\n`);
      const [line = ''] = told(batch);
      assert.equal(line, `192.0.2.1 ${kept} -> ${kept} waits until 600`);
    });
  }

  for (const [what, line] of [
    ['an address that is none', `192.0.2 <a@s> <b@r> ${SOON}`],
    ['no recipient', `192.0.2.1 <a@s> <> ${SOON}`],
    ['too few fields', '192.0.2.1 <a@s> <b@r>'],
    ['a time that is none', '192.0.2.1 <a@s> <b@r> soon'],
    ['another word', `192.0.2.1 <a@s> <b@r> ${SOON} MAYBE`],
    ['a tarpit without a time', `192.0.2.1 <a@s> <b@r> ${SOON} TARPIT`],
  ] as const) {
    test(`with a line that has ${what}`, async () => {
      const batch = await read(`${HEAD}${line}\n192.0.2.9 <a@s> <b@r> ${SOON}\n`);
      assert.equal(batch.records.length, 1);
      const reason = milterGreylistRefusals.malformed;
      assert.deepEqual(batch.refused, [{ line: 11, reason, detail: line }]);
    });
  }

  test('with times of all kinds', async () => {
    const far = seconds(NOW + 61 * DAY);
    const batch = await read(
      `192.0.2.1 <a@s> <1@r> ${seconds(NOW - 5 * DAY)}\n` +
        `192.0.2.1 <a@s> <2@r> ${seconds(NOW - 5 * DAY) - 1}\n` +
        `192.0.2.1 <a@s> <3@r> ${seconds(NOW)} AUTO\n` +
        `192.0.2.1 <a@s> <4@r> ${seconds(NOW) - 1} AUTO\n` +
        '192.0.2.1 <a@s> <5@r> -2147483648 AUTO\n' +
        `192.0.2.1 <a@s> <6@r> ${far}\n` +
        '192.0.2.1 <a@s> <7@r> 99999999999999 AUTO\n' +
        `2001:db8::1%eth0 <a@s> <8@r> ${SOON}\n`,
    );
    const end = seconds(Date.UTC(2105, 0, 1)) - seconds(NOW);
    assert.deepEqual(told(batch), [
      '192.0.2.1 a@s -> 1@r waits until -432000',
      '192.0.2.1 a@s -> 3@r known until 0',
      `192.0.2.1 a@s -> 7@r known until ${end}`,
      '2001:db8::1 a@s -> 8@r waits until 600',
    ]);
    assert.equal(batch.expired, 3);
    assert.deepEqual(
      batch.refused.map(({ reason }) => reason),
      [milterGreylistRefusals.far],
    );
  });

  test('tells when a triplet began that waits: a delay before', async () => {
    const batch = await read(`192.0.2.1 <a@s> <b@r> ${SOON}\n`);
    const [record] = batch.records;
    assert.ok(record !== undefined);
    const [source] = decodeCorrespondence(record.value).sources;
    assert.deepEqual(
      [source?.firstSeenAt, source?.expiresAt, source?.prefix],
      [NOW - 20 * MINUTE, NOW + 10 * MINUTE + 5 * DAY + 1, 32],
    );
  });

  test('keeps spellings and lets clients pass by any triplet where that is of account', async () => {
    const text = `192.0.2.1 <A@s> <b@r> ${SOON}\n192.0.2.2 <A@s> <b@r> ${TOMORROW} AUTO\n`;
    const { records } = await read(text, { spelling: (a, b) => `${a} ${b}`, isLazy: true });
    const [waiting, known, client] = records;
    assert.ok(waiting !== undefined && known !== undefined && client !== undefined);
    assert.equal(decodeCorrespondence(waiting.value).sources[0]?.spelling, 'A@s b@r');
    assert.equal(decodeCorrespondence(known.value).sources[0]?.spelling, undefined);
    assert.equal(client.key, 'a192.0.2.0/24');
    assert.equal(client.expiresAt, NOW + DAY + 1);
  });

  test('may be empty', async () => {
    assert.equal((await read('')).records.length, 0);
    assert.equal((await read(HEAD)).records.length, 0);
  });

  test('is something else', async () => {
    await assert.rejects(read('hello\nworld\n'), (error) => {
      return error instanceof MigrateError && error.code === 'IMPORT_NOT_UNDERSTOOD';
    });
  });
});

describe('a dump file that we write', () => {
  async function written(text: string, now = NOW): Promise<string> {
    const batch = await read(text, { spelling: (a, b) => `${a} ${b}` });
    let dump = '';
    async function* batches(): AsyncGenerator<ReadBatch> {
      yield await Promise.resolve(batch);
    }
    const terms = { now, delayMs: HOUR, retryWindowMs: 5 * DAY };
    for await (const part of writeMilterGreylist(batches(), terms)) dump += part;
    return dump;
  }

  test('says the same when it is read again', async () => {
    const lines = [
      `192.0.2.10\t<Alice@s.example>\t<bob@r.example>\t${SOON}`,
      `192.0.2.11\t<>\t<carol@r.example>\t${TOMORROW} AUTO`,
      // What is remembered of the tarpit is of a network, and is written with its first address.
      `2001:db8::\t<>\t<carol@r.example>\t${SOON}\t0 TARPIT`,
      `192.0.2.0\t<a@s.example>\t<carol@r.example>\t${seconds(NOW - DAY)}\t0 TARPIT`,
    ];
    const dump = await written(lines.map((line) => `${line}\n`).join(''));
    const records = dump.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    assert.deepEqual(
      records.map((line) => line.replace(/ # \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, '')),
      lines,
    );
    assert.match(dump, /^# Summary: 4 records, 1 greylisted, 1 whitelisted, 2 tarpitted$/m);
    assert.match(dump, /^# milter-greylist databases, dumped by milter-greylist-4\.6\.4 on /m);
  });

  test('leaves out what has ended', async () => {
    const known = `192.0.2.11\t<>\t<carol@r.example>\t${TOMORROW} AUTO\n`;
    assert.match(await written(known, NOW + 2 * DAY), /^# Summary: 0 records/m);
    const tarpit = `192.0.2.11\t<>\t<carol@r.example>\t${SOON}\t0 TARPIT\n`;
    assert.match(await written(tarpit, NOW + 6 * DAY), /^# Summary: 0 records/m);
  });
});
