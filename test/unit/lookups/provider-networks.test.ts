import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { createNetworkCollector } from '../../../src/lookups/provider-networks.js';
import { startDnsResponder, type DnsEntries } from '../../support/dns-responder.js';
import { createManualClock } from '../../support/manual-clock.js';

interface Collected {
  /** `192.0.2.0/24: ip4:192.0.2.0/24` for each network. */
  readonly networks: readonly string[];
  readonly problems: readonly string[];
  readonly questions: readonly string[];
}

async function collect(t: TestContext, entries: DnsEntries): Promise<Collected> {
  const responder = await startDnsResponder(t, entries);
  const servers = [responder.address];
  const collector = createNetworkCollector({
    servers,
    timeoutMs: 1500,
    clock: createManualClock(),
  });
  t.after(() => collector.close());
  const { networks, problems } = await collector.collect('p.test');
  return {
    networks: networks.map(({ network, term }) => `${network.text}: ${term}`),
    problems,
    questions: responder.questions,
  };
}

const policy = (...terms: readonly string[]) => ({ TXT: [['v=spf1', ...terms].join(' ')] });

describe("a provider's networks", () => {
  test('are those of its terms, includes and redirects, with the way to them', async (t) => {
    const { networks, problems } = await collect(t, {
      'p.test': policy('include:a.test', 'mx', 'ip6:2001:db8::/32', 'redirect=b.test'),
      'p.test MX': { MX: ['10 m.test', '20 .'] },
      'a.test': policy('ip4:192.0.2.0/24', 'a:h.test/28//64', '-all'),
      'h.test': { A: ['198.51.100.7'], AAAA: ['2001:db8:1::1'] },
      'm.test': { A: ['203.0.113.1'] },
      'b.test': policy('ip4:192.0.2.0/24', '+ip4:10.0.0.1', '~all'),
    });
    assert.deepEqual(networks, [
      '192.0.2.0/24: include:a.test ip4:192.0.2.0/24',
      '198.51.100.0/28: include:a.test a:h.test',
      '2001:db8:1::/64: include:a.test a:h.test',
      '203.0.113.1/32: mx:p.test',
      '2001:db8::/32: ip6:2001:db8::/32',
      '10.0.0.1/32: redirect=b.test ip4:10.0.0.1/32',
    ]);
    assert.deepEqual(problems, []);
  });

  test('are none that are too wide, and none by all, exists, ptr or macros', async (t) => {
    const { networks, problems, questions } = await collect(t, {
      'p.test': policy(
        ...['ip4:10.0.0.0/11', 'ip4:11.0.0.0/12', 'ip6:2001:d00::/31', 'ip6:2001:db8::/32'],
        ...['a:w.test/11//31', 'exists:%{i}.e.test', 'exists:e.test', 'ptr', 'ptr:n.test'],
        ...['a:%{d}.test', 'mx:%{h}', 'include:%{d2}.test', '+all'],
      ),
      'w.test': { A: ['192.0.2.1'], AAAA: ['2001:db8::1'] },
      'e.test': { A: ['192.0.2.2'] },
    });
    assert.deepEqual(networks, [
      '11.0.0.0/12: ip4:11.0.0.0/12',
      '2001:db8::/32: ip6:2001:db8::/32',
    ]);
    assert.deepEqual(problems, []);
    assert.deepEqual(questions, ['TXT p.test', 'A w.test', 'AAAA w.test']);
  });

  test('are none behind what does not pass, which may be an exception', async (t) => {
    for (const refusal of ['-ip4:192.0.2.7', '~exists:%{i}.test', '?include:a.test', 'all'])
      assert.deepEqual(
        (
          await collect(t, {
            'p.test': policy('ip4:192.0.2.1', refusal, 'ip4:192.0.2.0/24', 'redirect=a.test'),
            'a.test': policy('ip4:198.51.100.0/24'),
          })
        ).networks,
        ['192.0.2.1/32: ip4:192.0.2.1/32'],
        refusal,
      );
  });

  test('end with the limits of SPF, also where policies include each other', async (t) => {
    const { networks, problems, questions } = await collect(t, {
      'p.test': policy('include:q.test', 'ip4:192.0.2.1'),
      'q.test': policy('include:p.test', 'ip4:192.0.2.2'),
    });
    assert.deepEqual(problems, ['it has more than 10 terms that ask DNS']);
    assert.deepEqual(
      networks.map((text) => text.replace(/:.*/, '')),
      ['192.0.2.1/32', '192.0.2.2/32'],
    );
    assert.equal(questions.length, 2);
  });

  test('may be incomplete, and then say why', async (t) => {
    const { networks, problems } = await collect(t, {
      'p.test': policy(
        ...['include:gone.test', 'include:two.test', 'include:bad.test', 'include:fails.test'],
        ...['mx:fails.test', 'a:fails.test', 'ip4:192.0.2.1', '-all'],
      ),
      'two.test': { TXT: ['v=spf1 -all', 'v=spf1 a'] },
      'bad.test': policy('ip4:1.2.3'),
      'fails.test': 'servfail',
    });
    assert.deepEqual(networks, ['192.0.2.1/32: ip4:192.0.2.1/32']);
    assert.deepEqual(problems, [
      'gone.test has no SPF policy',
      'two.test has more than one SPF policy',
      'the policy of bad.test is wrong: "ip4:1.2.3"',
      'TXT fails.test: ESERVFAIL',
      'MX fails.test: ESERVFAIL',
      'A fails.test: ESERVFAIL',
      'AAAA fails.test: ESERVFAIL',
    ]);
  });

  test('cannot be found without an answer', async (t) => {
    const { networks, problems } = await collect(t, { 'p.test': 'silence' });
    assert.deepEqual(networks, []);
    assert.deepEqual(problems, ['TXT p.test: no answer in time']);
  });
});
