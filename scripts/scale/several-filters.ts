import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RedisServer } from '../../test/support/redis-server.js';
import { cpuMicroseconds } from '../benchmark/process-cost.js';
import { LoadProcess, startSubject, type Subject } from '../benchmark/processes.js';
import { trafficOf, type Traffic } from './servers.js';

/** How much is asked. */
export interface FilterLoad {
  readonly filters: number;
  /** Of each filter. */
  readonly sessions: number;
  readonly atOnce: number;
}

/** What it cost, for one session of all. */
export interface FilterCost {
  readonly name: string;
  readonly sessionsPerSecond: number;
  readonly filterUs: number;
  readonly serverUs: number;
  /** The slowest filter's. */
  readonly p50Us: number;
  readonly p99Us: number;
  readonly traffic: Traffic;
}

interface Rig {
  readonly url: string;
  readonly directory: string;
  readonly servers: readonly RedisServer[];
  /** How many triplets are known already; what comes behind is new. */
  readonly known: number;
}

/** Several filters on one store, all asked at once: first for what is known, then for what is new. */
export async function askSeveralFilters(
  rig: Rig,
  load: FilterLoad,
): Promise<readonly FilterCost[]> {
  const subjects: Subject[] = [];
  const loads: LoadProcess[] = [];
  try {
    const starting = Array.from({ length: load.filters }, async (_, at) => {
      loads.push(new LoadProcess());
      subjects.push(await startFilter(rig, at));
    });
    // All of them first, so that none is left behind if one does not start.
    await Promise.allSettled(starting);
    await Promise.all(starting);
    const costs: FilterCost[] = [];
    for (const kind of ['warming up', 'known triplet', 'new triplet'] as const)
      costs.push(await askAll({ rig, load, subjects, loads }, kind));
    return costs.slice(1);
  } finally {
    for (const one of loads) one.stop();
    for (const subject of subjects) await subject.stop();
  }
}

function startFilter({ url, directory }: Rig, at: number): Promise<Subject> {
  const path = join(directory, `filter${at}.sock`);
  return startSubject(`filter ${at}`, path, [
    fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url)),
    'serve',
    ...['--listen', `unix:${path}`, '--store', url],
    ...[
      '--set',
      'trusted=[]',
      '--set',
      'listen.admin=null',
      '--set',
      'greylist.providers=greylist',
    ],
    // What passes because the machine is too busy is not what is measured.
    ...['--set', 'store.redis.timeout=8s', '--set', 'limits.answer=9s'],
    ...['--set', `log.to=file:${join(directory, `filter${at}.log`)}`],
  ]);
}

interface Asking {
  readonly rig: Rig;
  readonly load: FilterLoad;
  readonly subjects: readonly Subject[];
  readonly loads: readonly LoadProcess[];
}

async function askAll({ rig, load, subjects, loads }: Asking, name: string): Promise<FilterCost> {
  const { known, servers } = rig;
  const { sessions, atOnce, filters } = load;
  const isNew = name === 'new triplet';
  const [filtersBefore, serversBefore] = [cpuOf(subjects), cpuOf(servers)];
  const before = await trafficOf(servers);
  const results = await Promise.all(
    subjects.map(async ({ path }, at) => {
      const first = isNew ? known + at * sessions : Math.floor((known / filters) * at);
      const expected = isNew ? ('replycode' as const) : ('continue' as const);
      return await loads[at]?.run({ path, sessions, atOnce, first, triplets: sessions, expected });
    }),
  );
  const all = sessions * filters;
  const after = await trafficOf(servers);
  const found = results.filter((result) => result !== undefined);
  return {
    name,
    sessionsPerSecond: all / Math.max(...found.map(({ seconds }) => seconds)),
    filterUs: (cpuOf(subjects) - filtersBefore) / all,
    serverUs: (cpuOf(servers) - serversBefore) / all,
    p50Us: Math.max(...found.map(({ answerUs }) => answerUs.p50)),
    p99Us: Math.max(...found.map(({ answerUs }) => answerUs.p99)),
    traffic: {
      receivedBytes: (after.receivedBytes - before.receivedBytes) / all,
      sentBytes: (after.sentBytes - before.sentBytes) / all,
      gets: (after.gets - before.gets) / all,
      scripts: (after.scripts - before.scripts) / all,
    },
  };
}

function cpuOf(processes: readonly { readonly pid: number | undefined }[]): number {
  return processes.reduce(
    (sum, { pid }) => sum + (pid === undefined ? 0 : cpuMicroseconds(pid)),
    0,
  );
}
