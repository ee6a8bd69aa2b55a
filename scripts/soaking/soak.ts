import { statSync, rmSync } from 'node:fs';
import { createRandom } from '../../test/support/seeded-random.js';
import type { SoakedFilter, Weight } from './soaked-filter.js';
import { Traffic } from './traffic.js';

/** How much traffic there is, and what happens beside it. */
export interface SoakPlan {
  readonly seed: number;
  /** Rounds of traffic between two samples. */
  readonly roundsPerSample: number;
  /** Samples between two reloads, and between two backups. */
  readonly samplesPerReload: number;
  readonly samplesPerBackup: number;
  /** Told after each sample; whether to go on. */
  readonly onSample: (sample: Sample) => boolean | Promise<boolean>;
}

/** What was seen at one moment, and of the time since the one before. */
export interface Sample extends Weight {
  readonly atMs: number;
  readonly sessions: number;
  /** Milliseconds. */
  readonly median: number;
  readonly p99: number;
  readonly reloads: number;
  readonly backups: number;
}

/** Keeps a filter busy until nobody wants to go on; resolves to all samples. */
export async function soak(filter: SoakedFilter, plan: SoakPlan): Promise<readonly Sample[]> {
  const traffic = new Traffic(filter, createRandom(plan.seed));
  const samples: Sample[] = [];
  const startedAt = performance.now();
  let [reloads, backups, goesOn] = [0, 0, true];
  try {
    while (goesOn) {
      for (let round = 0; round < plan.roundsPerSample; round++) await traffic.round();
      const weight = await filter.weigh();
      const { sessions, latencies } = traffic.take();
      const sorted = latencies.toSorted((one, other) => one - other);
      const sample = {
        ...{ ...weight, sessions, reloads, backups, atMs: performance.now() - startedAt },
        ...{ median: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) },
      };
      samples.push(sample);
      goesOn = await plan.onSample(sample);
      // Mail comes meanwhile.
      const beside: Promise<void>[] = [];
      if (samples.length % plan.samplesPerReload === 0) {
        beside.push(filter.reload());
        reloads += 1;
      }
      if (samples.length % plan.samplesPerBackup === 0) {
        beside.push(backUp(filter));
        backups += 1;
      }
      if (beside.length > 0) await Promise.all([traffic.round(), ...beside]);
    }
  } finally {
    traffic.end();
  }
  return samples;
}

async function backUp(filter: SoakedFilter): Promise<void> {
  const file = filter.pathOf('backup.jsonl.gz');
  await filter.run('backup', file);
  if (statSync(file).size === 0) throw new Error('the backup is empty');
  rmSync(file);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
