import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { metricTable, shownName } from '../../../src/telemetry/metric-table.js';
import { formatMetrics } from '../../../src/telemetry/metrics.js';
import { sampleReading } from './sample-reading.js';

const lines = async (accept?: string, changes = {}): Promise<readonly string[]> =>
  (await formatMetrics(sampleReading(changes), accept)).text.split('\n');

describe('metrics are written', () => {
  test("in Prometheus' own text, each with its type and a number", async () => {
    const { contentType, text } = await formatMetrics(sampleReading(), undefined);
    assert.equal(contentType, 'text/plain; version=0.0.4; charset=utf-8');
    for (const row of metricTable) {
      const name = shownName(row);
      assert.match(text, new RegExp(`^# TYPE ${name} ${row.kind}$`, 'm'));
      assert.match(text, new RegExp(`^${name}(_count)?(\\{.*\\})? [\\d.e+-]+$`, 'm'));
    }
  });

  test('as OpenMetrics for who asks for it, and again as text for who does not', async () => {
    const accept = 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5';
    const { contentType, text } = await formatMetrics(sampleReading(), accept);
    assert.match(contentType, /^application\/openmetrics-text/);
    assert.match(text, /^# TYPE greymilter_connections counter$/m);
    assert.match(text, /^greymilter_connections_total\{protocol="milter"\} 7$/m);
    assert.ok(text.endsWith('# EOF\n'));
    assert.ok((await lines()).includes('greymilter_connections_total{protocol="milter"} 7'));
  });

  test('histograms with cumulative buckets, a sum and a count', async () => {
    const found = (await lines()).filter((line) => line.startsWith('greymilter_store_read'));
    assert.deepEqual(found, [
      'greymilter_store_read_seconds_bucket{le="0.001"} 0',
      'greymilter_store_read_seconds_bucket{le="0.1"} 1',
      'greymilter_store_read_seconds_bucket{le="+Inf"} 1',
      'greymilter_store_read_seconds_sum 0.05',
      'greymilter_store_read_seconds_count 1',
    ]);
  });

  test('not at all where nothing is known, rather than as a zero', async () => {
    const { store } = sampleReading();
    const unknown = {
      population: undefined,
      dns: undefined,
      store: { ...store, stats: undefined, checkedAt: undefined },
    };
    const found = await lines(undefined, unknown);
    for (const name of [
      'triplets',
      'records',
      'dns',
      'store_bytes',
      'store_commits',
      'store_server_changes',
      'store_checked',
      'autowhite',
    ]) {
      assert.ok(!found.some((line) => line.startsWith(`greymilter_${name}`)), name);
    }
  });

  test('changes of servers, which a store in a folder has none of', async () => {
    const { store } = sampleReading();
    const { servers, ...own } = store.stats ?? assert.fail();
    assert.deepEqual(servers, { lost: 2, back: 1 });
    const changes = async (stats: object): Promise<readonly string[]> => {
      const found = await lines(undefined, { store: { ...store, stats } });
      return found.filter((line) => line.startsWith('greymilter_store_server_changes_total'));
    };
    const shown = (lost: number, back: number): readonly string[] => [
      `greymilter_store_server_changes_total{event="lost"} ${lost}`,
      `greymilter_store_server_changes_total{event="back"} ${back}`,
    ];
    assert.deepEqual(await changes({ ...own, servers }), shown(2, 1));
    assert.deepEqual(await changes(own), shown(0, 0));
  });

  test('labels from outside cannot break a line', async () => {
    const found = await lines(undefined, { version: '1"2\\3\n4' });
    const info = found.find((line) => line.startsWith('greymilter_build_info'));
    assert.ok(info?.includes('version="1\\"2\\\\3\\n4"'), info);
  });
});

test('the table names each metric once, as Prometheus wants it', () => {
  const names = metricTable.map(shownName);
  assert.equal(new Set(names).size, names.length);
  for (const { name, kind, labels } of metricTable) {
    assert.match(name, /^greymilter(_[a-z0-9]+)+$/);
    assert.ok(!name.endsWith('_total'), name);
    if (kind === 'histogram') assert.match(name, /_seconds$/);
    for (const label of labels) assert.match(label, /^[a-z]+$/);
  }
});

test('no sample has labels that its row does not name', () => {
  const reading = sampleReading();
  for (const row of metricTable) {
    if (row.kind === 'histogram') continue;
    for (const { labels } of row.read(reading)) {
      assert.deepEqual(Object.keys(labels).sort(), [...row.labels].sort(), row.name);
    }
  }
});
