import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricTable, shownName } from '../../src/telemetry/metric-table.js';
import { codeIn, readHandbook } from './readme-text.js';

const table = readHandbook().tables.find(({ head }) => head[0] === 'metric');

test("The handbook's table of metrics has each of the registry, with its kind, labels and meaning", () => {
  assert.ok(table !== undefined);
  const written = table.rows.map(([metric = '', kind = '', labels = '', meaning = '']) => [
    codeIn(metric)[0],
    kind,
    codeIn(labels).join(' '),
    meaning,
  ]);
  const expected = metricTable.map((row) => [
    shownName(row),
    row.kind,
    row.labels.join(' '),
    row.help,
  ]);
  assert.deepEqual(written, expected);
});
