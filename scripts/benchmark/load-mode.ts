import { isListening } from '../../test/support/is-listening.js';
import { filterAddress } from './address.js';
import type { LoadWanted } from './arguments.js';
import { measureLists } from './list-cost.js';
import { describeMachine } from './machine.js';
import {
  measure,
  type Contestant,
  type Effort,
  type Instruments,
  type Measured,
} from './measure.js';
import { makeKnown, Mixes, newTriplet, type MilterSubjects } from './mixes.js';
import { findPeer } from './peer.js';
import { measurePolicy, postgreyVersion } from './policy-cost.js';
import { whilePlaced, type Placement } from './placement.js';
import type { LoadProcess, Subject } from './processes.js';
import type { Report } from './report.js';
import {
  knownTriplets,
  startAsMilterGreylist,
  startFloor,
  startGreymilter,
  startUnjournaled,
} from './subjects.js';
import { createCallCounter } from './system-calls.js';
import type { Workplace } from './workplace.js';

/** Numbers of the policy protocol's new triplets, which must not be those of others. */
const policyNew = 100_000_000;

/** Measures what sessions and requests cost under all kinds of load. */
export async function measureLoad(
  { directory, load, tell }: Workplace,
  wanted: LoadWanted,
): Promise<Report> {
  for (const peer of wanted.peers) await ensureListens(peer);
  const machine = { ...describeMachine(), postgrey: postgreyVersion() };
  const { rounds, sessions, atOnce, idle, entries, rate } = wanted;
  const calls = createCallCounter();
  if (calls === undefined) tell('system calls are not counted: that needs strace, and its rights');
  const instruments: Instruments = { load, calls };
  const started: Subject[] = [];
  try {
    const subjects = await startAll(directory, { load, wanted, started });
    const mixes = new Mixes(subjects);
    const full: Effort = { rounds, sessions, atOnce };
    const single: Effort = { rounds, sessions: Math.ceil(sessions / 10), atOnce: 1 };
    const plain: Measured[] = [];
    for (const effort of [full, single])
      plain.push(...(await measure(instruments, mixes.plain(), effort)));
    const placed = (where: Placement): Promise<readonly Measured[]> =>
      measurePlaced(where, load, { contestants: mixes.plain(), effort: single });
    const [apart, together] = [await placed('apart'), await placed('together')];
    if (apart.length === 0) tell('load and filter cannot be put on processors of their own');
    const others = await measure(instruments, mixes.others(idle), full);
    const rates = await measure({ load }, mixes.atRate(rate), full);
    const policy = await measurePolicy({
      ...{ directory, instruments, idle, rate, effort: full },
      numbers: { known: knownTriplets, nextNew: policyNew },
    });
    const sessionUs = plain.find(({ name }) => name === newTriplet)?.cpuUsPerSession ?? NaN;
    const lists = await measureLists(directory, entries, sessionUs);
    const efforts = [full, single];
    return {
      ...{ machine, efforts, rows: plain, apart, together, mixes: others, rate, rates },
      ...{ policy: policy.atOnce, policyRates: policy.atRate, lists },
    };
  } finally {
    for (const subject of started) await subject.stop();
  }
}

/** One session at a time where it does not depend on the kernel who runs where; nothing where it must. */
async function measurePlaced(
  where: Placement,
  load: LoadProcess,
  { contestants, effort }: { readonly contestants: readonly Contestant[]; readonly effort: Effort },
): Promise<readonly Measured[]> {
  const known = contestants.flatMap((one) => one.subject.pid ?? []);
  const processes = { load: load.pid, filters: [...new Set(known)] };
  const found = await whilePlaced(where, processes, () => measure({ load }, contestants, effort));
  return found ?? [];
}

/** Who does not listen now would fail when others have been measured for minutes. */
async function ensureListens(peer: string): Promise<void> {
  if (!(await isListening(filterAddress(peer)))) throw new Error(`nobody listens on ${peer}`);
}

/** @param started takes each as soon as it runs, so that it is stopped whatever happens */
async function startAll(
  directory: string,
  {
    load,
    wanted,
    started,
  }: {
    readonly load: Instruments['load'];
    readonly wanted: LoadWanted;
    readonly started: Subject[];
  },
): Promise<MilterSubjects> {
  const noted = async <Kind extends Subject>(starting: Promise<Kind>): Promise<Kind> => {
    const subject = await starting;
    started.push(subject);
    return subject;
  };
  const floor = await noted(startFloor(directory, 'envelope'));
  const wholeFloor = await noted(startFloor(directory, 'whole'));
  const storeFloor = await noted(startFloor(directory, 'store'));
  const tcpFloor = await noted(startFloor(directory, 'tcp'));
  const greymilter = await noted(startGreymilter(directory, load));
  const asMilterGreylist = await noted(startAsMilterGreylist(directory));
  await makeKnown(load, asMilterGreylist);
  const unjournaled = await noted(startUnjournaled(directory));
  const peers = wanted.peers.map(findPeer);
  return {
    floor,
    wholeFloor,
    storeFloor,
    tcpFloor,
    greymilter,
    asMilterGreylist,
    unjournaled,
    peers,
  };
}
