import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Asker } from '../../../src/lookups/asker.js';
import { DnsResolver, type DnsOptions } from '../../../src/lookups/dns.js';
import {
  startDnsResponder,
  type DnsEntries,
  type DnsResponder,
} from '../../support/dns-responder.js';
import { createManualClock, type ManualClock } from '../../support/manual-clock.js';
import type { CleanUp } from '../../support/temp-directory.js';
import { waitUntil } from '../../support/wait-until.js';
import { ip } from './spf-rig.js';

interface Rig {
  readonly dns: DnsResolver;
  readonly responder: DnsResponder;
  readonly clock: ManualClock;
}

async function start(
  t: CleanUp,
  entries: DnsEntries,
  options: Partial<DnsOptions> = {},
): Promise<Rig> {
  const responder = await startDnsResponder(t, entries);
  const clock = createManualClock();
  const servers = [responder.address];
  const dns = new DnsResolver({ servers, timeoutMs: 1500, clock, ...options });
  t.after(() => dns.cancel());
  return { dns, responder, clock };
}

function asker(budgetMs = 10_000): Asker {
  return new Asker(ip('192.0.2.1'), budgetMs);
}

const example: DnsEntries = { 'example.test': { A: ['192.0.2.7'], ttl: 600 } };
const found = { known: true, value: ['192.0.2.7'] } as const;
const nothing = { known: true, value: [] } as const;

describe('DnsResolver', () => {
  test('reads every type of record it asks for', async (t) => {
    const { dns } = await start(t, {
      'example.test': {
        A: ['192.0.2.7', '192.0.2.8'],
        AAAA: ['2001:db8::7'],
        MX: ['20 b.test', '10 a.test', '0 .'],
        TXT: ['something else', `v=spf1 ${'ip4:192.0.2.9 '.repeat(30)}-all`],
      },
      '7.2.0.192.in-addr.arpa': { PTR: ['example.test'] },
    });
    const value = async (answer: unknown): Promise<unknown> => {
      const settled = await answer;
      assert.ok(settled !== null && typeof settled === 'object' && 'value' in settled);
      return settled.value;
    };
    assert.deepEqual(await value(dns.addresses('example.test', 4, asker())), [
      '192.0.2.7',
      '192.0.2.8',
    ]);
    assert.deepEqual(await value(dns.addresses('example.test', 6, asker())), ['2001:db8::7']);
    assert.deepEqual(await value(dns.exchangers('example.test', asker())), [
      { exchange: '', priority: 0 },
      { exchange: 'a.test', priority: 10 },
      { exchange: 'b.test', priority: 20 },
    ]);
    assert.deepEqual(await value(dns.policies('example.test', asker())), [
      `v=spf1 ${'ip4:192.0.2.9 '.repeat(30)}-all`,
    ]);
    assert.deepEqual(await value(dns.names('7.2.0.192.in-addr.arpa', asker())), ['example.test']);
  });

  test('answers at once from memory, for as long as the TTL says', async (t) => {
    const { dns, responder, clock } = await start(t, example);
    assert.deepEqual(await dns.addresses('example.test', 4, asker()), found);
    clock.advance(599_000);
    assert.deepEqual(dns.addresses('EXAMPLE.test.', 4, asker()), found);
    clock.advance(1_000);
    assert.deepEqual(await dns.addresses('example.test', 4, asker()), found);
    assert.equal(responder.questions.length, 2);
    assert.equal(dns.counters.cached, 1);
    assert.equal(dns.counters.asked, 2);
    assert.ok(dns.counters.microseconds > 0);
  });

  test('remembers for a minute what does not exist', async (t) => {
    const { dns, responder, clock } = await start(t, { 'empty.test': {} });
    for (const name of ['gone.test', 'empty.test']) {
      assert.deepEqual(await dns.addresses(name, 4, asker()), nothing);
      assert.deepEqual(dns.addresses(name, 4, asker()), nothing);
    }
    assert.equal(responder.questions.length, 2);
    responder.set({ 'gone.test': { A: ['192.0.2.7'] } });
    clock.advance(60_000);
    assert.deepEqual(await dns.addresses('gone.test', 4, asker()), found);
  });

  test('does not remember failures', async (t) => {
    const { dns, responder } = await start(t, { 'a.test': 'servfail', 'b.test': 'refused' });
    assert.deepEqual(await dns.addresses('a.test', 4, asker()), {
      known: false,
      problem: 'A a.test: ESERVFAIL',
    });
    assert.deepEqual(await dns.addresses('b.test', 4, asker()), {
      known: false,
      problem: 'A b.test: EREFUSED',
    });
    responder.set({ 'a.test': { A: ['192.0.2.7'] } });
    assert.deepEqual(await dns.addresses('a.test', 4, asker()), found);
    assert.equal(dns.counters.failed, 2);
  });

  test('asks again when a packet is lost, and gives up in time', async (t) => {
    const { dns, responder } = await start(t, { 'a.test': 'silence' }, { timeoutMs: 200 });
    assert.deepEqual(await dns.addresses('a.test', 4, asker()), {
      known: false,
      problem: 'A a.test: no answer in time',
    });
    assert.equal(dns.counters.timedOut, 1);
    assert.equal(dns.counters.failed, 0);
    assert.ok(responder.questions.length >= 1);
  });

  test('asks once what many want to know', async (t) => {
    const { dns, responder } = await start(t, example);
    const ask = async (): Promise<unknown> => await dns.addresses('example.test', 4, asker());
    const answers = await Promise.all(Array.from({ length: 50 }, ask));
    for (const answer of answers) assert.deepEqual(answer, found);
    assert.equal(responder.questions.length, 1);
    assert.equal(dns.counters.joined, 49);
  });

  test('waits no longer than the asker has time, but keeps what comes late', async (t) => {
    const { dns, responder } = await start(t, { 'a.test': 'silence' });
    const hurried = asker(100);
    hurried.remainingMs();
    const first = dns.addresses('a.test', 4, asker());
    assert.deepEqual(await dns.addresses('a.test', 4, hurried), {
      known: false,
      problem: 'A a.test: no answer in the time left',
    });
    // A timer may end two milliseconds early.
    await waitUntil(() => hurried.remainingMs() < 1, 'there is no time left');
    assert.deepEqual(dns.addresses('c.test', 4, hurried), {
      known: false,
      problem: 'A c.test: no time was left to ask',
    });
    responder.set({ 'a.test': { A: ['192.0.2.7'] } });
    assert.deepEqual(await first, found);
    assert.deepEqual(dns.addresses('a.test', 4, asker()), found);
  });

  test('asks no more for a client network than its share', async (t) => {
    const quota = { inFlight: 100, inFlightPerNetwork: 100, perMinute: 2 };
    const { dns, responder, clock } = await start(t, example, { quota });
    await dns.addresses('a.test', 4, asker());
    await dns.addresses('b.test', 4, asker());
    assert.deepEqual(dns.addresses('example.test', 4, asker()), {
      known: false,
      problem: 'A example.test: too many questions for this client network',
    });
    assert.deepEqual(dns.addresses('a.test', 4, asker()), nothing);
    assert.equal(dns.counters.refused, 1);
    assert.deepEqual(
      await dns.addresses('example.test', 4, new Asker(ip('10.0.0.1'), 1000)),
      found,
    );
    clock.advance(60_000);
    await dns.addresses('d.test', 4, asker());
    assert.deepEqual(responder.questions, ['A a.test', 'A b.test', 'A example.test', 'A d.test']);
  });

  test('tells names that cannot exist from those it cannot ask for', async (t) => {
    const { dns, responder } = await start(t, {});
    for (const name of ['a..test', '.test', `${'a'.repeat(64)}.test`, `${'a.'.repeat(130)}test`])
      assert.deepEqual(dns.addresses(name, 4, asker()), nothing, name);
    for (const name of ['a\\b.test', '\u00e4.test', 'a b.test', 'a@b.test', 'a%b.test'])
      assert.equal((await dns.addresses(name, 4, asker())).known, false, name);
    assert.deepEqual(responder.questions, []);
  });

  test('refuses servers that are no addresses', () => {
    assert.throws(
      () => new DnsResolver({ servers: ['ns.test'], timeoutMs: 1, clock: createManualClock() }),
      { code: 'RESOLVER_INVALID', message: /"ns\.test"/ },
    );
  });

  test('gives up on what is under way when it is cancelled', async (t) => {
    const { dns } = await start(t, { 'a.test': 'silence' });
    const answer = dns.addresses('a.test', 4, asker());
    dns.cancel();
    assert.deepEqual(await answer, { known: false, problem: 'A a.test: ECANCELLED' });
  });
});
