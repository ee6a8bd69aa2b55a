import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureInsight, measureStalls } from './insight-cost.js';
import { measureLists } from './list-cost.js';
import { measure, type Contestant, type Effort } from './measure.js';
import { measurePolicy } from './policy-cost.js';
import { LoadProcess, startSubject, type Subject } from './processes.js';
import { createReport, formatInsight, formatReport } from './report.js';
import { printShared } from './shared-cost.js';

const usage = `usage: scripts/bench [--rounds 10] [--sessions 5000] [--at-once 16]
                     [--idle 1500] [--entries 10000,100000] [--json FILE]
       scripts/bench --shared [--rounds 10] [--sessions 5000] [--at-once 64] [--json FILE]
       scripts/bench --insight 200000 [--rounds 10] [--sessions 5000] [--at-once 16] [--json FILE]

Plays a Postfix against greymilter (embedded store, decision log to a file) and, taking turns in the
same run, against a filter that only echoes: the floor. Prints medians; ratios are those of turns
that followed each other, since machines are noisy. Then the same for requests of Postfix's policy
protocol, beside Debian's postgrey if that is installed, and with so many idle connections beside. Then what a rule with a list of so many entries
costs, and how long the list takes to load.

With --shared: a known triplet on a Redis on loopback beside LevelDB, in turns.

With --insight: what counting for statistics and metrics costs a session, and with so many records how
slow the slowest answers are while backup, compact and others go on.
`;

/** Known triplets for the second kind of load; the delay is one second then. */
const knownTriplets = 1000;

const newTriplet = 'greymilter, new triplet';

interface Wanted {
  readonly rounds: number;
  readonly sessions: number;
  readonly atOnce: number;
  /** Of lists. */
  readonly entries: readonly number[];
  /** Connections of the policy protocol. */
  readonly idle: number;
  readonly json: string | undefined;
  /** A store on Redis beside LevelDB is what is asked for. */
  readonly shared: boolean;
  /** So many records; undefined: not what is asked for. */
  readonly insight: number | undefined;
}

function readArguments(): Wanted {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '10' },
      sessions: { type: 'string', default: '5000' },
      'at-once': { type: 'string' },
      entries: { type: 'string', default: '10000,100000' },
      idle: { type: 'string', default: '1500' },
      json: { type: 'string' },
      insight: { type: 'string' },
      shared: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  return {
    rounds: positive('rounds', values.rounds),
    sessions: positive('sessions', values.sessions),
    atOnce: positive('at-once', values['at-once'] ?? (values.shared ? '64' : '16')),
    entries: values.entries.split(',').map((text) => positive('entries', text)),
    idle: positive('idle', values.idle),
    json: values.json,
    shared: values.shared,
    insight: values.insight === undefined ? undefined : positive('insight', values.insight),
  };
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  process.stderr.write(`scripts/bench: --${name} wants a whole number above 0, not "${text}"\n`);
  process.exit(64);
}

function startGreymilter(directory: string): Promise<Subject> {
  return start(directory, 'greymilter', ['--policy', `unix:${policyPath(directory)}`]);
}

/** As with a greylist.conf that says little: its header is added to each mail. */
function startAsMilterGreylist(directory: string): Promise<Subject> {
  const settings = [
    ...['greylist.style=milter-greylist', 'log.style=milter-greylist', 'greylist.header=always'],
    ...['greylist.sender.form=milter-greylist', 'greylist.recipient.form=milter-greylist'],
    ...['greylist.client-autowhite=off', 'greylist.replies=off'],
  ];
  const options = settings.flatMap((setting) => ['--set', setting]);
  return start(directory, 'milter-greylist', options);
}

function start(directory: string, name: string, options: readonly string[]): Promise<Subject> {
  const path = join(directory, `${name}.sock`);
  return startSubject(name, path, [
    fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url)),
    'serve',
    ...['--listen', `unix:${path}`, '--store', join(directory, `${name}.db`)],
    ...['--set', 'trusted=[]', '--set', 'greylist.delay=1s', '--set', 'listen.admin=null'],
    // It measures no name servers.
    ...['--set', 'greylist.providers=greylist'],
    ...['--set', `log.to=file:${join(directory, `${name}.log`)}`],
    ...options,
  ]);
}

function policyPath(directory: string): string {
  return join(directory, 'policy.sock');
}

function startFloor(directory: string): Promise<Subject> {
  const path = join(directory, 'floor.sock');
  const file = fileURLToPath(new URL('floor.mjs', import.meta.url));
  return startSubject('floor', path, [file, path]);
}

async function makeKnown(load: LoadProcess, { path }: Subject): Promise<void> {
  const order = { path, sessions: knownTriplets, atOnce: 16, first: 0, triplets: knownTriplets };
  await load.run({ ...order, expected: 'replycode' });
  await pause(1100);
  await load.run({ ...order, expected: 'continue' });
}

function contestants(
  floor: Subject,
  greymilter: Subject,
  asMilterGreylist: Subject,
): readonly Contestant[] {
  let next = knownTriplets;
  const fresh = (path: string) => (sessions: number, atOnce: number) => {
    const first = next;
    next += sessions;
    const expected = 'replycode' as const;
    return { path, sessions, atOnce, first, triplets: sessions, expected };
  };
  const known = (path: string) => (sessions: number, atOnce: number) => {
    const expected = 'continue' as const;
    return { path, sessions, atOnce, first: 0, triplets: knownTriplets, expected };
  };
  const style = 'in the style of milter-greylist';
  return [
    { name: 'floor', subject: floor, order: fresh(floor.path) },
    { name: newTriplet, subject: greymilter, order: fresh(greymilter.path) },
    { name: 'greymilter, known triplet', subject: greymilter, order: known(greymilter.path) },
    { name: `${style}, new`, subject: asMilterGreylist, order: fresh(asMilterGreylist.path) },
    { name: `${style}, known`, subject: asMilterGreylist, order: known(asMilterGreylist.path) },
  ];
}

async function measureAllInsight(
  { rounds, sessions, atOnce, json }: Wanted,
  records: number,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'greymilter-bench-'));
  const load = new LoadProcess();
  try {
    const { rows, lookMs } = await measureInsight(directory, load, { rounds, sessions, atOnce });
    const stalls = await measureStalls(directory, load, {
      records,
      sessions: 2 * sessions,
      atOnce: 4,
    });
    const cost = { rows, lookMs, records, stalls };
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(cost, undefined, 2)}\n`);
    process.stdout.write(formatInsight(cost));
  } finally {
    load.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const wanted = readArguments();
  if (wanted.shared) {
    await printShared(wanted, wanted.json);
    return;
  }
  if (wanted.insight !== undefined) {
    await measureAllInsight(wanted, wanted.insight);
    return;
  }
  const { rounds, sessions, atOnce, idle, entries, json } = wanted;
  const directory = mkdtempSync(join(tmpdir(), 'greymilter-bench-'));
  const load = new LoadProcess();
  const subjects: Subject[] = [];
  try {
    const floor = await startFloor(directory);
    subjects.push(floor);
    const greymilter = await startGreymilter(directory);
    subjects.push(greymilter);
    const asMilterGreylist = await startAsMilterGreylist(directory);
    subjects.push(asMilterGreylist);
    for (const subject of [greymilter, asMilterGreylist]) await makeKnown(load, subject);
    const all = contestants(floor, greymilter, asMilterGreylist);
    const efforts: readonly Effort[] = [
      { rounds, sessions, atOnce },
      { rounds, sessions: Math.ceil(sessions / 10), atOnce: 1 },
    ];
    const rows = [];
    for (const effort of efforts) rows.push(...(await measure(load, all, effort)));
    const sessionUs = rows.find(({ name }) => name === newTriplet)?.cpuUsPerSession ?? Number.NaN;
    const policy = await measurePolicy({
      ...{ directory, load, greymilter, path: policyPath(directory), idle },
      effort: { rounds, sessions, atOnce },
      known: knownTriplets,
      nextNew: 100_000_000,
    });
    const lists = await measureLists(directory, entries, sessionUs);
    const report = createReport({ efforts, rows, policy, lists });
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, undefined, 2)}\n`);
    process.stdout.write(formatReport(report));
  } finally {
    load.stop();
    for (const subject of subjects) await subject.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

await main();
