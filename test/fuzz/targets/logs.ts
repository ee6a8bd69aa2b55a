import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { streamSource } from '../../../src/reports/log-file.js';
import { noLines, type LineCounts } from '../../../src/reports/log-reader.js';
import { readLogs } from '../../../src/reports/read-logs.js';
import { ReportError } from '../../../src/reports/report-error.js';
import { namedZone } from '../../../src/reports/zone.js';
import type { FuzzTarget } from '../fuzz-target.js';
import { chunksOf, wholeOf } from '../pieces.js';
import { readFixture } from '../read-fixture.js';

const now = Date.UTC(2026, 10, 28);
const zone = namedZone('Europe/Berlin');

const ours = `2026-11-27T10:00:00.000Z info verdict=tempfail reason=greylist-new client=192.0.2.7 from=<a@b.example> to=<c@d.example> wait=300s
{"time":"2026-11-27T10:00:00.000Z","level":"info","message":"decision","verdict":"accept","reason":"greylist-passed","client":{"address":"192.0.2.7"},"from":"a@b.example","to":"c@d.example"}
{"__REALTIME_TIMESTAMP":"1795000000000000","MESSAGE":"verdict=accept reason=trusted client=192.0.2.7"}
`;

/** Logs of mail servers and greylisters: each line is counted, as one thing. */
export const logs: FuzzTarget = {
  name: 'logs',
  seeds: () => {
    const lines = readFixture('maillog/local-postfix3.7-postgrey1.37.log')
      .toString('latin1')
      .split(/(?<=\n)/);
    const parts = [0, 1, 2, 3, 4, 5].map((part) => lines.slice(part * 10, part * 10 + 10).join(''));
    return [...parts, ours].map((text) => Buffer.from(text, 'latin1'));
  },
  words: [
    ...['\n', '\r\n', ' ', ': ', '=', '[', ']', '<', '>', '"', '{', '}', ',', '\0', '\ufeff', 'ü'],
    ...['verdict=', 'reason=', 'action=greylist, reason=new, client_name=x, ', '"MESSAGE" : [1,2]'],
    ...[
      'NOQUEUE: reject: RCPT from ',
      'from=<',
      'to=<',
      'proto=ESMTP',
      'autowhitelisted for another ',
    ],
    ...[
      'Nov 31 25:61:61 ',
      'Feb 29 00:00:00 ',
      '<38>1 2026-11-27T10:00:00Z h p - - - ',
      '1795000000 ',
    ],
    ...[
      '2026-10-25T02:30:00 ',
      '0000-00-00T00:00:00Z ',
      'addr 1.2.3.4 from <a> to <b> delayed for ',
    ],
  ],
  maxBytes: 4000,
  run: async (input) => {
    const whole = await read(wholeOf(input));
    assert.deepEqual(await read(chunksOf(input)), whole, 'it does not matter how it arrives');
    if (whole === undefined) return;
    const { lines, decisions, others, unclear, undated, tooLong } = whole.counts;
    assert.equal(decisions + others + unclear + undated + tooLong, lines);
    const written = new TextDecoder().decode(input).replace(/\n$/, '');
    if (!isPacked(input)) assert.equal(lines, input.length === 0 ? 0 : written.split('\n').length);
    for (const at of whole.times) assert.ok(Number.isFinite(at), String(at));
  },
};

interface Reading {
  readonly counts: LineCounts;
  readonly times: readonly number[];
}

/** Undefined if it cannot be read at all: a gzip that is none. */
async function read(chunks: AsyncIterable<Uint8Array>): Promise<Reading | undefined> {
  const counts = noLines();
  const times: number[] = [];
  const source = streamSource('a log', Readable.from(chunks));
  const options = { now, zone, counts, greylistText: /[Gg]reylist/ };
  try {
    for await (const batch of readLogs([source], options)) times.push(...batch.map(({ at }) => at));
  } catch (error) {
    if (error instanceof ReportError) return undefined;
    throw error;
  }
  return { counts, times };
}

function isPacked(input: Buffer): boolean {
  return input[0] === 0x1f && input[1] === 0x8b;
}
