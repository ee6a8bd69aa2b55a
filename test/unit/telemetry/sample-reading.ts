import { AdminRefusals } from '../../../src/telemetry/admin-refusals.js';
import { BucketCounts } from '../../../src/telemetry/bucket-counts.js';
import { DecisionCounts } from '../../../src/telemetry/decision-counts.js';
import type { MetricsReading } from '../../../src/telemetry/metrics-source.js';
import { ProtocolCounts } from '../../../src/telemetry/protocol-counts.js';

/** A reading in which every metric has a number. */
export function sampleReading(changes: Partial<MetricsReading> = {}): MetricsReading {
  const milter = new ProtocolCounts();
  milter.connections = 7;
  milter.versions.add('6', 7);
  milter.errors.add('MILTER_IDLE');
  milter.incidents.add('malformed');
  const admin = new AdminRefusals();
  admin.greedy.add('http', 2);
  const reads = new BucketCounts([0.001, 0.1]);
  reads.observe(0.05);
  const outcomes = { asked: 5, cached: 4, joined: 3, failed: 2, 'timed-out': 1, refused: 0 };
  return {
    version: '1.2.3',
    startedAt: 1_000_000,
    configuredAt: 2_000_000,
    mode: 'enforce',
    decisions: new DecisionCounts(),
    protocols: {
      milter: { counts: milter, connected: 3 },
      policy: { counts: new ProtocolCounts(), connected: 0 },
    },
    admin,
    lookups: [{ kind: 'spf', asked: 4, unknown: 1, waited: 2, microseconds: 500_000 }],
    dns: { outcomes, microseconds: 250_000 },
    store: {
      reads,
      commits: new BucketCounts([0.001, 0.1]),
      stats: {
        bytes: 4096,
        pendingWrites: 1,
        commits: 2,
        failedCommits: 3,
        expired: 4,
        servers: { lost: 2, back: 1 },
      },
      damagedBlocks: 3,
      checkedAt: 2_000_000,
    },
    population: {
      triplets: { pending: 10, passed: 20 },
      autowhite: { pending: 1, autowhite: 2 },
      records: new Map([['pair', 25]]),
      at: 3_000_000,
    },
    notRemembered: { pending: 3, 'pending-per-network': 5 },
    forgotten: { 'never-returned': 8, 'returned-early': 1, passed: 2 },
    failingOpen: [
      ['store-read', true],
      ['store-write', false],
    ],
    isReloadFailed: false,
    droppedLines: 0,
    loop: { mean: 0.001, p99: 0.002, max: 0.003 },
    process: { cpuSeconds: 1.5, residentBytes: 1e8 },
    ...changes,
  };
}
