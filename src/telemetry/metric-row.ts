import type { BucketCounts } from './bucket-counts.js';
import type { MetricsReading } from './metrics-source.js';

/** One number of a metric. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Described {
  /** Without the suffix that Prometheus has for counters. */
  readonly name: string;
  /** One sentence; it is the metric's help, and its row in docs/operating.md. */
  readonly help: string;
  readonly labels: readonly string[];
}

/** A metric: what it is called, and where its numbers come from at a scrape. */
export type MetricRow =
  | (Described & {
      readonly kind: 'counter' | 'gauge';
      readonly read: (reading: MetricsReading) => readonly Sample[];
    })
  | (Described & {
      readonly kind: 'histogram';
      readonly read: (reading: MetricsReading) => BucketCounts;
    });
