import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readOrExplain } from '../wrong-usage.js';
import { plot } from './plot.js';
import { soak, type Sample } from './soak.js';
import { SoakedFilter } from './soaked-filter.js';

const usage = `usage: scripts/soak [--minutes 30] [--pause-ms 1000] [--seed 1] [--to soak]

Runs the filter in a process of its own under mixed traffic: mail that comes back, spam that does not,
policy requests, clients that break off or talk nonsense, idle connections, a reload every ten samples
and a backup every twenty. Writes samples.jsonl and soak.svg to the directory --to: memory,
descriptors and latency over time.
`;

function readArguments() {
  const { values } = readOrExplain('scripts/soak', usage, () =>
    parseArgs({
      options: {
        minutes: { type: 'string', default: '30' },
        'pause-ms': { type: 'string', default: '1000' },
        seed: { type: 'string', default: '1' },
        to: { type: 'string', default: 'soak' },
        help: { type: 'boolean', default: false },
      },
    }),
  );
  if (values.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  const number = (name: string, text: string): number => {
    if (Number(text) >= 0) return Number(text);
    process.stderr.write(`scripts/soak: --${name} wants a number, not "${text}"\n`);
    process.exit(64);
  };
  return {
    minutes: number('minutes', values.minutes),
    pauseMs: number('pause-ms', values['pause-ms']),
    seed: number('seed', values.seed),
    to: resolve(values.to),
  };
}

const { minutes, pauseMs, seed, to } = readArguments();
const cleanUps: (() => Promise<void> | void)[] = [];
mkdirSync(to, { recursive: true });
const samples: Sample[] = [];
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

try {
  const cleanUp = { after: (stop: () => Promise<void> | void) => void cleanUps.unshift(stop) };
  const filter = await SoakedFilter.start(cleanUp, to);
  await soak(filter, {
    ...{ seed, roundsPerSample: 10, samplesPerReload: 10, samplesPerBackup: 20 },
    onSample: async (sample) => {
      samples.push(sample);
      // As it goes, so that a run that is ended early has left something.
      writeFileSync(
        join(to, 'samples.jsonl'),
        samples.map((each) => `${JSON.stringify(each)}\n`).join(''),
      );
      writeFileSync(join(to, 'soak.svg'), plot(samples));
      const { atMs, heapBytes, residentBytes, descriptors, median, p99, sessions } = sample;
      process.stdout.write(
        `${(atMs / 60_000).toFixed(1)} min  heap ${megabytes(heapBytes)} MB  resident ${megabytes(residentBytes)} MB  ` +
          `${descriptors} descriptors  ${sessions} sessions  median ${median.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms\n`,
      );
      await pause(pauseMs);
      return atMs < minutes * 60_000;
    },
  });
  process.stdout.write(`${filter.complaints().length} warnings\n`);
  process.exitCode = (await filter.stop()) === 0 ? 0 : 1;
} finally {
  for (const stop of cleanUps) await stop();
}
