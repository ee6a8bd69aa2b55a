import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { metricTable, shownName } from '../../src/telemetry/metric-table.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import {
  bridgeTo,
  promtool,
  skipWithoutPrometheus,
  startPrometheus,
  type Prometheus,
} from '../support/prometheus.js';
import { openSession, sendMail } from './smtp-session.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const ruleFile = join(root, 'contrib/prometheus/greymilter.rules.yml');
const skip = skipWithoutPrometheus();

/** Our own file. */
const rules = parse(readFileSync(ruleFile, 'utf8')) as {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert: string; readonly expr: string }[];
  }[];
};

/** Our own file as well. */
const dashboard = JSON.parse(
  readFileSync(join(root, 'contrib/grafana/greymilter.json'), 'utf8'),
) as {
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
};

/** What an alert looks at, whether or not it is bad: the expression without its last comparison. */
function watched({ alert, expr }: { readonly alert: string; readonly expr: string }): string {
  const found = /^(.*\S)\s*(?:==|>)\s*[\d.]+$/s.exec(expr)?.[1];
  assert.ok(found !== undefined, `${alert} does not end in a comparison`);
  return found;
}

/** With what Grafana puts in for its variables. */
function filledIn(expression: string): string {
  return expression.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*');
}

const alerts = rules.groups.flatMap((group) => group.rules);
const panels = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => ({ title, expr })),
);

test('every metric that rules and the dashboard name is one of ours', () => {
  const ours = new Set(
    metricTable.flatMap((row) => {
      const name = shownName(row);
      return row.kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
    }),
  );
  for (const { expr } of [...alerts, ...panels]) {
    for (const [name] of expr.matchAll(/greymilter_\w+/g)) assert.ok(ours.has(name), name);
  }
  const shown = new Set(panels.flatMap(({ expr }) => expr.match(/greymilter_\w+/g) ?? []));
  assert.ok(shown.size > 25);
});

test('no two panels of the dashboard lie on each other, and their numbers differ', () => {
  const taken = new Set<string>();
  for (const { title, gridPos } of dashboard.panels) {
    const { x, y, w, h } = gridPos;
    assert.ok(x + w <= 24, title);
    for (let column = x; column < x + w; column++) {
      for (let line = y; line < y + h; line++) {
        assert.ok(!taken.has(`${column} ${line}`), title);
        taken.add(`${column} ${line}`);
      }
    }
  }
  const ids = dashboard.panels.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
});

describe('with a real Prometheus', { skip }, () => {
  test('the rules are sound', async () => {
    assert.match(await promtool('check', 'rules', ruleFile), new RegExp(`${alerts.length} rules`));
  });

  for (const name of ['alerts', 'slow-alerts']) {
    test(`the rules fire when they should: ${name}`, async () => {
      const file = join(root, `test/fixtures/prometheus/${name}.test.yml`);
      assert.match(await promtool('test', 'rules', file), /SUCCESS/);
    });
  }

  test('each expression of rules and dashboard has a series', async (t) => {
    const prometheus = await watchBusyDaemon(t);
    const expressions = [
      ...alerts.map((rule) => ({ title: rule.alert, expr: watched(rule) })),
      ...panels,
    ];
    assert.ok(expressions.length > 40);
    for (const { title, expr } of expressions) {
      await untilSeries(prometheus, title, filledIn(expr));
    }
    assert.equal(await prometheus.count('up{job="greymilter"} == 1'), 1);
    assert.equal(await prometheus.count('greymilter_no_such_metric'), 0);
  });
});

/** A Prometheus that has seen all that can be seen of a daemon, some of it happening meanwhile. */
async function watchBusyDaemon(t: TestContext): Promise<Prometheus> {
  const daemon = await startTestDaemon(t, {
    overrides: ['greylist.mode=enforce', 'lookups.timeout=1s'],
    policy: true,
  });
  const peer = await daemon.connect();
  await openSession(peer);
  // Records are counted with the first scrape.
  await sendMail(peer, { to: ['z@example.org'] });
  const target = await bridgeTo(t, join(daemon.directory, 'db.sock'));
  const prometheus = await startPrometheus(t, { job: 'greymilter', target, ruleFile });
  await untilSeries(prometheus, 'a first scrape', 'greymilter_build_info');
  await sendMail(peer, { to: ['x@example.org', 'y@example.org'] });
  daemon.clock.advance(400_000);
  await sendMail(peer, { to: ['x@example.org'] });
  const stranger = await daemon.connect();
  stranger.write(Buffer.alloc(4));
  await untilSeries(prometheus, 'an error', 'greymilter_protocol_errors_total');
  daemon.logger.take('milter connection ended by an error');
  peer.drop();
  return prometheus;
}

/** A rate needs two scrapes, a second apart. */
async function untilSeries(
  prometheus: Prometheus,
  title: string,
  expression: string,
): Promise<void> {
  const deadline = performance.now() + 60_000;
  while ((await prometheus.count(expression)) === 0) {
    assert.ok(performance.now() < deadline, `${title} has no series: ${expression}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
