import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { CleanUps } from '../support/clean-ups.js';
import * as build from '../support/packet-builder.js';
import { createRandom } from '../support/seeded-random.js';
import { waitUntil } from '../support/wait-until.js';
import { BesiegedFilter, type Port } from './besieged-filter.js';
import { notAsked } from './smtp-session.js';

/** Generous: what a filter takes at most for all that is done to it here, in mebibytes. */
const MEMORY_MIB = 400;

const { packet, uint32 } = build;
const offer = build.offer();

/** All that an MTA says in one session. */
const session = [
  offer,
  build.macros('C', { j: 'mx.example.org' }),
  build.connect('mail.client.example', '192.0.2.1'),
  build.helo('mail.client.example'),
  build.macros('M', { i: 'q1' }),
  build.mail('<a@client.example>'),
  build.rcpt('<b@example.org>'),
  build.data(),
  build.header('Subject', 'hello'),
  build.eoh(),
  build.body('hello'),
  build.eom(),
  build.abort(),
  build.quitNc(),
];

const thousandMacros = Object.fromEntries(
  Array.from({ length: 1000 }, (_, index) => [`{m${index}}`, 'v'.repeat(50)]),
);

/** What somebody says, and the code under which it is counted, if it is an error at all. */
type Nonsense = readonly [name: string, bytes: Buffer, code: string];

/** What leaves the end of the connection to the peer. */
const goesOn = /^(|\w+_TRUNCATED|POLICY_(REQUEST_UNKNOWN|LINE_INVALID|ATTRIBUTES_TOO_MANY|NUL))$/;

/** What no MTA says. */
const nonsense: readonly Nonsense[] = [
  ['nothing', Buffer.alloc(0), ''],
  ['a length of zero', uint32(0), 'MILTER_PACKET_EMPTY'],
  ['a length of zero after the offer', say(offer, uint32(0)), 'MILTER_PACKET_EMPTY'],
  ['the greatest length', uint32(0xffffffff), 'MILTER_PACKET_TOO_LONG'],
  ['a length without the rest', say(offer, uint32(1000), 'M'), 'MILTER_PACKET_TRUNCATED'],
  ['half a length', Buffer.of(0, 0), 'MILTER_PACKET_TRUNCATED'],
  ['no offer', build.mail('<a@client.example>'), 'MILTER_NOT_NEGOTIATED'],
  ['an offer of three bytes', packet('O', 'abc'), 'MILTER_OFFER_UNUSABLE'],
  ['two offers', say(offer, offer), 'MILTER_NEGOTIATED_TWICE'],
  ['an unknown command', say(offer, packet('?')), 'MILTER_UNKNOWN_COMMAND'],
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'), 'MILTER_PACKET_TOO_LONG'],
  ['CONNECT without anything', say(offer, packet('C')), ''],
  [
    'a thousand macros',
    say(offer, ...['C', 'H', 'M', 'R'].map((stage) => build.macros(stage, thousandMacros))),
    '',
  ],
];

const status = 'GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n';

const request = 'request=smtpd_access_policy\nprotocol_state=CONNECT\n';

/** What no Postfix asks. */
const questions: readonly Nonsense[] = [
  ['nothing', Buffer.alloc(0), ''],
  ['an empty request', say('\n'), 'POLICY_REQUEST_UNKNOWN'],
  ['a line without a name', say('=\n\n'), 'POLICY_LINE_INVALID'],
  ['a line that does not end', say('a'.repeat(100_000)), 'POLICY_REQUEST_TOO_LONG'],
  ['a thousand attributes', say('a=b\n'.repeat(1000), '\n'), 'POLICY_ATTRIBUTES_TOO_MANY'],
  ['control characters', say(`request=${'\0\x01\xff'.repeat(100)}\n\n`), 'POLICY_NUL'],
  ['half a request', say(request), 'POLICY_REQUEST_TRUNCATED'],
  ['HTTP', say('GET / HTTP/1.1\r\n\r\n'), 'POLICY_LINE_INVALID'],
  ['a hundred requests at once', say(`${request}\n`.repeat(100)), ''],
];

// One filter for all of it: what one attack leaves behind, the next one meets.
describe('peers that mean harm', () => {
  const cleanUps = new CleanUps();
  let filter: BesiegedFilter;
  let memoryBefore: number;
  before(async () => {
    // With more time for an answer than machines need that have other tests to run.
    filter = await BesiegedFilter.start(cleanUps, ['limits.connections=1000', 'limits.answer=9s']);
    memoryBefore = filter.peakMemory;
  });
  after(() => cleanUps.run());

  async function adminRefusals(reason: string): Promise<number> {
    const counts = await filter.metric('greymilter_admin_refusals_total', 'reason', '"admin"');
    return counts[reason] ?? 0;
  }

  for (const [port, attacks] of [
    ['milter', nonsense],
    ['policy', questions],
  ] as const) {
    for (const [name, bytes, code] of attacks) {
      test(`${name} at the ${port} port: harms nobody, and is counted as what it is`, async () => {
        const attack = (): Promise<void> => sayTo(filter, { port, bytes, code });
        const errors = await filter.errorsOf(port, () => filter.besiege(attack));
        assert.deepEqual(errors, code === '' ? {} : { [code]: 1 });
        await filter.assertAsBefore();
      });
    }
  }

  test('packets without order are answered, and counted', async () => {
    const random = createRandom(7);
    const errors = await filter.errorsOf('milter', () =>
      filter.besiege(async () => {
        for (let round = 0; round < 100; round++) {
          await sayTo(filter, { port: 'milter', bytes: disorder(random), code: '' });
        }
      }),
    );
    assert.deepEqual(errors, {});
    const odd = await filter.metric('greymilter_odd_packets_total', 'kind');
    assert.ok((odd['out-of-order'] ?? 0) > 500, JSON.stringify(odd));
    await filter.assertAsBefore();
  });

  for (const [port, bytes, code] of [
    ['milter', Buffer.concat(session), 'MILTER_PACKET_TRUNCATED'],
    ['policy', say(request), 'POLICY_REQUEST_TRUNCATED'],
  ] as const) {
    test(`peers of the ${port} port that vanish after each of their bytes`, async () => {
      const errors = await filter.errorsOf(port, () =>
        filter.besiege(async () => {
          for (let said = 0; said <= bytes.length; said++) {
            await vanish(await filter.connect(port), bytes.subarray(0, said));
          }
        }),
      );
      assert.deepEqual(Object.keys(errors), [code]);
      await filter.assertAsBefore();
    });
  }

  for (const [port, first, question, code] of [
    ['milter', offer, build.unknown('NOOP'), 'MILTER_PEER_NOT_READING'],
    ['policy', Buffer.alloc(0), say(request, '\n'), 'POLICY_PEER_NOT_READING'],
  ] as const) {
    test(`peers of the ${port} port that ask for ever and never read are let go`, async () => {
      const errors = await filter.errorsOf(port, () =>
        filter.besiege(async () => {
          const sockets = await Promise.all(Array.from({ length: 4 }, () => filter.connect(port)));
          await Promise.all(sockets.map((socket) => askForEver(socket, first, question)));
        }),
      );
      assert.deepEqual(errors, { [code]: 4 });
      await filter.assertAsBefore();
    });
  }

  test('5000 connections that say nothing leave the others greylisted, and let the rest pass', async () => {
    const held: Socket[] = [];
    await filter.besiege(async () => {
      for (let opened = 0; opened < 5000; opened += 100) {
        const more = Array.from({ length: 100 }, async () => {
          const socket = await filter.connect('milter');
          socket.write(offer);
          await once(socket, 'data');
          return socket;
        });
        held.push(...(await Promise.all(more)));
      }
    });
    const passing = await filter.metric('greymilter_overloaded_connections_total', 'protocol');
    assert.equal(passing['milter'], 4001, 'the witness is the first of a thousand');
    await filter.assertLoggedOnce('more connections than limits.connections');
    assert.deepEqual(await filter.answersNewcomer(), [notAsked]);
    for (const socket of held) socket.destroy();
    await filter.assertAsBefore();
  });

  for (const [name, text] of [
    ['no HTTP', 'x'.repeat(100_000)],
    ['zeros', '\0'.repeat(1000)],
    ['a version that is none', 'GET / HTTP/9.9\r\n\r\n'],
  ] as const) {
    test(`${name} at the admin port: refused`, async () => {
      await filter.besiege(async () => {
        const socket = await filter.connect('admin');
        let heard = '';
        socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')));
        socket.write(text);
        await waitUntil(() => socket.closed, 'it hangs up');
        assert.match(heard, /^HTTP\/1\.1 4\d\d /);
      });
    });
  }

  test('peers of the admin port that vanish after each of their bytes', async () => {
    const bytes = say(status);
    await filter.besiege(async () => {
      for (let said = 0; said <= bytes.length; said++) {
        await vanish(await filter.connect('admin'), bytes.subarray(0, said));
      }
    });
    await filter.assertAsBefore();
  });

  test('peers of the admin port that ask for ever and never read are let go', async () => {
    await filter.besiege(async () => {
      const sockets = await Promise.all(Array.from({ length: 4 }, () => filter.connect('admin')));
      await Promise.all(sockets.map((socket) => askForEver(socket, Buffer.alloc(0), say(status))));
    });
    await filter.assertLoggedOnce('an admin connection asks without waiting for answers: closed');
    assert.equal(await adminRefusals('greedy'), 4);
    await filter.assertAsBefore();
  });

  test('200 connections to the admin port keep nobody from the mail', async () => {
    await filter.settled();
    const sockets: Socket[] = [];
    let closed = 0;
    await filter.besiege(async () => {
      for (let count = 0; count < 200; count++) {
        const socket = await filter.connect('admin');
        sockets.push(socket.resume().on('close', () => closed++));
      }
    });
    await waitUntil(() => closed >= 136, 'all but 64 are closed');
    for (const socket of sockets) socket.destroy();
    await waitUntil(() => filter.isShown(), 'there is room again');
    await filter.assertAsBefore();
    await filter.assertLoggedOnce('too many admin connections: closed');
    assert.ok((await adminRefusals('crowded')) >= 136);
  });

  test('have cost little memory, and a line of the log a minute', async (t) => {
    for (const message of [
      'milter connection ended by an error',
      'policy connection ended by an error',
      'policy request cannot be read: it passes',
    ]) {
      await filter.assertLoggedOnce(message);
    }
    filter.assertNoBug();
    const { peakMemory } = filter;
    t.diagnostic(`${memoryBefore} MiB before, ${peakMemory} MiB at most`);
    assert.ok(peakMemory < MEMORY_MIB);
  });
});

function say(...parts: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

/** Sessions without order, the same in each run. */
function disorder(random: () => number): Buffer {
  const packets = session.slice(1);
  const chosen = Array.from({ length: 30 }, () => packets[Math.floor(random() * packets.length)]);
  return say(offer, ...chosen.filter((each) => each !== undefined));
}

/** Says it, and waits for the filter to hang up; of its own accord, if it has to. */
async function sayTo(
  filter: BesiegedFilter,
  { port, bytes, code }: { port: Port; bytes: Buffer; code: string },
): Promise<void> {
  const socket = (await filter.connect(port)).resume();
  socket.write(bytes);
  // Half-open then: answers still arrive.
  if (goesOn.test(code)) socket.end();
  await waitUntil(() => socket.closed, 'the filter hangs up');
}

/** Says it and is gone, without a word of farewell. */
async function vanish(socket: Socket, bytes: Buffer): Promise<void> {
  await new Promise((resolve) => socket.write(bytes, resolve));
  socket.destroy();
}

/** Asks without reading until the filter hangs up. */
async function askForEver(socket: Socket, first: Buffer, question: Buffer): Promise<void> {
  const many = Buffer.concat(Array.from({ length: 5000 }, () => question));
  const over = new Promise((resolve) => socket.once('close', resolve));
  socket.write(first);
  while (!socket.destroyed) {
    const drained = new Promise((resolve) => socket.once('drain', resolve));
    if (!socket.write(many)) await Promise.race([over, drained]);
  }
}
