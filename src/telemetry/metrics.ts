import { Counter, Gauge, Histogram, Registry, type RegistryContentType } from 'prom-client';
import type { BucketCounts } from './bucket-counts.js';
import type { MetricRow } from './metric-row.js';
import { metricTable, shownName } from './metric-table.js';
import type { MetricsReading } from './metrics-source.js';

/** A scrape's answer. */
export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

type AnyRegistry = Registry<RegistryContentType>;

const OPEN_METRICS = 'application/openmetrics-text';

/**
 * Writes down all metrics.
 *
 * @param accept the request's header: OpenMetrics for who asks for it, otherwise Prometheus' own text
 */
export async function formatMetrics(
  reading: MetricsReading,
  accept: string | undefined,
): Promise<Exposition> {
  const registry: AnyRegistry = new Registry();
  if (accept?.includes(OPEN_METRICS)) registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  for (const row of metricTable) register(row, reading, registry);
  return { contentType: registry.contentType, text: await registry.metrics() };
}

/** A registry for each scrape: nothing of it is worth keeping, and one that is kept has one format. */
function register(row: MetricRow, reading: MetricsReading, registry: AnyRegistry): void {
  if (row.kind === 'histogram') {
    registry.registerMetric(new CountedHistogram(row, row.read(reading)));
    return;
  }
  const samples = row.read(reading);
  // The library shows a zero where there are no labels and no number.
  if (samples.length === 0) return;
  const { help, labels } = row;
  const described = { name: shownName(row), help, labelNames: labels, registers: [registry] };
  if (row.kind === 'counter') {
    const counter = new Counter(described);
    for (const { labels: of, value } of samples) counter.inc({ ...of }, value);
  } else {
    const gauge = new Gauge(described);
    for (const { labels: of, value } of samples) gauge.set({ ...of }, value);
  }
}

type HistogramValues = Awaited<ReturnType<Histogram['get']>>;

/** The library only counts itself, one value at a time; ours are counted already. */
class CountedHistogram extends Histogram {
  readonly #row: Pick<MetricRow, 'name' | 'help'>;
  readonly #counts: BucketCounts;

  constructor(row: Pick<MetricRow, 'name' | 'help'>, counts: BucketCounts) {
    super({ name: row.name, help: row.help, buckets: [...counts.bounds], registers: [] });
    this.#row = row;
    this.#counts = counts;
  }

  /** What `get` and the registry call for the values; the typings of the library leave it out. */
  getForPromString(): Promise<object> {
    const { name, help } = this.#row;
    const values = samplesOf(name, this.#counts);
    return Promise.resolve({ name, help, type: 'histogram', values, aggregator: 'sum' });
  }
}

function samplesOf(name: string, counts: BucketCounts): HistogramValues['values'] {
  const { bounds, count, sum } = counts;
  const buckets = counts.cumulative().map((value, index) => ({
    metricName: `${name}_bucket`,
    labels: { le: String(bounds[index] ?? '+Inf') },
    value,
  }));
  return [
    ...buckets,
    { metricName: `${name}_bucket`, labels: { le: '+Inf' }, value: count },
    { metricName: `${name}_sum`, labels: {}, value: sum },
    { metricName: `${name}_count`, labels: {}, value: count },
  ];
}
