import assert from 'node:assert/strict';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { metricTable, shownName } from '../../src/telemetry/metric-table.js';
import {
  startTestDaemon,
  type TestDaemon,
  type TestDaemonOptions,
} from '../support/daemon-harness.js';
import { GreymilterProcess } from '../support/daemon-process.js';
import { openFaultyStore, type FaultyStore } from '../support/faulty-store.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { waitUntil } from '../support/wait-until.js';
import { openSession, sendMail } from './smtp-session.js';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

function get(
  socketPath: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, path, headers, agent: false }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      incoming.once('end', () => {
        const type = incoming.headers['content-type'] ?? '';
        resolve({ status: incoming.statusCode ?? 0, type, text });
      });
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}

/** Each sample by its name and labels, as they are written. */
async function scrape(socket: string): Promise<ReadonlyMap<string, number>> {
  const { status, text } = await get(socket, '/metrics');
  assert.equal(status, 200, text);
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => {
      const [, name = '', value = ''] = /^(.*) (\S+)$/.exec(line) ?? [];
      return [name, Number(value)];
    }),
  );
}

async function start(
  t: TestContext,
  options: TestDaemonOptions = {},
): Promise<{ readonly daemon: TestDaemon; readonly socket: string }> {
  const daemon = await startTestDaemon(t, options);
  return { daemon, socket: join(daemon.directory, 'db.sock') };
}

/** All that rules may ask, in the words of metrics. */
const lookupKinds = ['dns-list', 'spf', 'mail-exchangers', 'geo', 'url', 'ldap', 'dkim'];

const decided = (verdict: string, reason: string): string =>
  `greymilter_decisions_total{verdict="${verdict}",reason="${reason}",mode="enforce",would="${verdict}"}`;

describe('the metrics of a running filter', () => {
  test('count decisions, the time to pass, connections and what is stored', async (t) => {
    const { daemon, socket } = await start(t, { policy: true });
    const peer = await daemon.connect();
    await openSession(peer);
    await sendMail(peer, { to: ['x@example.org', 'y@example.org'] });
    daemon.clock.advance(400_000);
    await sendMail(peer, { to: ['x@example.org'] });
    let samples = await scrape(socket);
    assert.equal(samples.get(decided('tempfail', 'greylist-new')), 2);
    assert.equal(samples.get(decided('accept', 'greylist-passed')), 1);
    assert.equal(samples.get(decided('tempfail', 'error')), 0);
    for (const kind of lookupKinds) {
      assert.equal(samples.get(`greymilter_lookups_total{kind="${kind}"}`), 0, kind);
    }
    assert.equal(samples.get('greymilter_time_to_pass_seconds_sum'), 400);
    assert.equal(samples.get('greymilter_time_to_pass_seconds_bucket{le="300"}'), 0);
    assert.equal(samples.get('greymilter_time_to_pass_seconds_bucket{le="600"}'), 1);
    assert.equal(samples.get('greymilter_answer_seconds_count'), 3);
    assert.equal(samples.get('greymilter_open_connections{protocol="milter"}'), 1);
    assert.equal(samples.get('greymilter_connections_total{protocol="milter"}'), 1);
    assert.equal(samples.get('greymilter_negotiated_total{version="6"}'), 1);
    assert.ok((samples.get('greymilter_store_commit_seconds_count') ?? 0) >= 2);
    assert.ok((samples.get('greymilter_store_read_seconds_count') ?? 0) >= 3);
    await waitUntil(async () => {
      samples = await scrape(socket);
      return samples.get('greymilter_triplets{state="pending"}') === 1;
    }, 'the records are counted');
    assert.equal(samples.get('greymilter_triplets{state="passed"}'), 1);
    assert.equal(samples.get('greymilter_records{kind="pair"}'), 2);
    peer.drop();
  });

  test('tell a scraper that knows OpenMetrics in its own words', async (t) => {
    const { socket } = await start(t);
    const accept = 'application/openmetrics-text; version=1.0.0';
    const { type, text } = await get(socket, '/metrics', { accept });
    assert.match(type, /^application\/openmetrics-text/);
    assert.ok(text.endsWith('# EOF\n'));
  });

  test('go on through a reload, and follow its mode', async (t) => {
    const { daemon, socket } = await start(t);
    const peer = await daemon.connect();
    await openSession(peer);
    await sendMail(peer, { to: ['x@example.org'] });
    await daemon.reload({ overrides: ['greylist.mode=shadow'] });
    const samples = await scrape(socket);
    assert.equal(samples.get(decided('tempfail', 'greylist-new')), 1);
    assert.equal(samples.get('greymilter_mode{mode="shadow"}'), 1);
    assert.equal(samples.get('greymilter_mode{mode="enforce"}'), 0);
    peer.drop();
  });

  test('name what cannot be read of a peer by its code', async (t) => {
    const { daemon, socket } = await start(t);
    const peer = await daemon.connect();
    peer.write(Buffer.from('00000000', 'hex'));
    await waitUntil(() => daemon.logger.unexpected === 1, 'the warning');
    daemon.logger.take('milter connection ended by an error');
    const samples = await scrape(socket);
    const name = 'greymilter_protocol_errors_total{protocol="milter",code="MILTER_PACKET_EMPTY"}';
    assert.equal(samples.get(name), 1);
  });
});

describe('health and readiness', () => {
  test('of a filter that works', async (t) => {
    const { socket } = await start(t);
    const health = await get(socket, '/health');
    assert.equal(health.status, 200);
    assert.deepEqual(JSON.parse(health.text), { status: 'ok', mode: 'enforce', impairments: [] });
    const ready = await get(socket, '/ready');
    assert.equal(ready.status, 200);
    assert.deepEqual(JSON.parse(ready.text), { status: 'ready', mode: 'enforce', impairments: [] });
  });

  test('of one that learns: nothing is wrong, and it is said', async (t) => {
    const { socket } = await start(t, { overrides: ['greylist.mode=learn'] });
    assert.deepEqual(JSON.parse((await get(socket, '/health')).text), {
      status: 'ok',
      mode: 'learn',
      impairments: [{ cause: 'learn', text: 'mode learn: nobody is put off' }],
    });
  });

  test('of one whose store cannot be read: it lives, and is not ready', async (t) => {
    const stores: FaultyStore[] = [];
    const openStore = openFaultyStore((store) => stores.push(store));
    const { daemon, socket } = await start(t, { openStore });
    const [store] = stores;
    assert.ok(store);
    const peer = await daemon.connect();
    await openSession(peer);
    store.reads = 'fail';
    await sendMail(peer, { to: ['x@example.org'] });
    daemon.logger.take('store cannot be read');
    assert.equal((await get(socket, '/ready')).status, 503);
    const health = await get(socket, '/health');
    assert.equal(health.status, 200);
    const since = new Date(daemon.clock.now()).toISOString();
    const impairments = [{ cause: 'store-read', text: 'the store cannot be read', since }];
    assert.deepEqual(JSON.parse(health.text), { status: 'impaired', mode: 'enforce', impairments });
    for (const path of ['/v1/status', '/v1/page']) {
      const told = JSON.parse((await get(socket, path)).text) as { readonly impairments: unknown };
      assert.deepEqual(told.impairments, impairments, path);
    }
    const name = 'greymilter_failing_open{cause="store-read"}';
    assert.equal((await scrape(socket)).get(name), 1);
    store.heal();
    daemon.clock.advance(60_000);
    await sendMail(peer, { to: ['x@example.org'] });
    assert.equal((await scrape(socket)).get(name), 0);
    assert.equal((await get(socket, '/ready')).status, 200);
    peer.drop();
  });
});

test('greymilter serve tells its metrics, every one of the table that has a number yet', async (t) => {
  const directory = createTempDirectory(t);
  const milter = `unix:${join(directory, 'milter.sock')}`;
  const daemon = new GreymilterProcess([
    ...['serve', '--listen', milter, '--store', join(directory, 'db')],
  ]);
  t.after(() => daemon.kill('SIGKILL'));
  await daemon.ready();
  const peer = await daemon.connect(milter);
  await openSession(peer);
  await sendMail(peer, { to: ['x@example.org'] });
  const { text } = await get(join(directory, 'db.sock'), '/metrics');
  const seldom = [
    ...['triplets', 'autowhite_clients', 'records', 'records_counted_timestamp_seconds'],
    'store_checked_timestamp_seconds',
  ];
  const troubles = ['protocol_errors_total', 'odd_packets_total'];
  for (const row of metricTable) {
    const name = shownName(row);
    if (
      [...seldom, ...troubles, 'dns_questions_total', 'dns_wait_seconds_total'].includes(
        name.slice(11),
      )
    )
      continue;
    assert.match(text, new RegExp(`^${name}(_count)?(\\{.*\\})? [\\d.e+-]+$`, 'm'));
  }
  assert.match(text, /^greymilter_build_info\{version="\d+\.\d+\.\d+",node="v\d+/m);
  peer.drop();
  daemon.kill('SIGTERM');
  assert.equal((await daemon.ending).code, 0);
});
