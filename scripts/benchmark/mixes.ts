import { setTimeout as pause } from 'node:timers/promises';
import type { Contestant } from './measure.js';
import type { MilterOrder } from './milter-load.js';
import type { Peer } from './peer.js';
import type { LoadProcess, Subject } from './processes.js';
import {
  earlyTriplets,
  firstNew,
  FreshTriplets,
  knownTriplets,
  type Greymilter,
} from './subjects.js';

/** All that is measured with the milter protocol. */
export interface MilterSubjects {
  readonly floor: Subject;
  readonly wholeFloor: Subject;
  /** Writes what is new before it answers. */
  readonly storeFloor: Subject;
  readonly tcpFloor: Subject;
  readonly greymilter: Greymilter;
  readonly asMilterGreylist: Subject;
  readonly unjournaled: Subject;
  readonly peers: readonly Peer[];
}

/** The row that stands for a session in other figures. */
export const newTriplet = 'greymilter, new triplet';

/** Of one session, where there is more than one. */
const manyMessages = 20;
const manyRecipients = 10;

type Extras = Partial<MilterOrder>;

/** The rows of each kind of load; numbers are given out once for all of them. */
export class Mixes {
  readonly #subjects: MilterSubjects;
  readonly #fresh = new FreshTriplets(firstNew);

  constructor(subjects: MilterSubjects) {
    this.#subjects = subjects;
  }

  /** New triplets and known ones: what is measured with any number of sessions at once. */
  plain(): readonly Contestant[] {
    const { floor, storeFloor, greymilter, asMilterGreylist, unjournaled, peers } = this.#subjects;
    const style = 'in the style of milter-greylist';
    return [
      this.#new('floor', floor),
      this.#new('floor with LevelDB, new', storeFloor),
      this.#new(newTriplet, greymilter),
      this.#known('greymilter, known triplet', greymilter),
      this.#new('without a journal, new', unjournaled),
      this.#new(`${style}, new`, asMilterGreylist),
      this.#known(`${style}, known`, asMilterGreylist),
      ...peers.map((peer) => this.#new(peer.name, peer, { expected: 'any' })),
    ];
  }

  /**
   * All others, beside the floor that they are compared with. What idle connections cost is less than floors
   * differ, so those are compared with the same load without them, which has its turn just before.
   */
  others(idle: number): readonly Contestant[] {
    const { floor, wholeFloor, tcpFloor, greymilter } = this.#subjects;
    const mixed = { ofTen: 9, known: knownTriplets };
    const early = { first: knownTriplets, triplets: earlyTriplets };
    const many = { perSession: manyMessages };
    const ten = { recipients: manyRecipients };
    return [
      this.#new('floor', floor),
      this.#new('greymilter, 90 % known', greymilter, { mixed }),
      this.#new('greymilter, early retry', greymilter, early),
      this.#new(newTriplet, greymilter),
      { ...this.#new(`the same beside ${idle} idle`, greymilter, {}, newTriplet), idle },
      this.#new('floor, 10 recipients', floor, ten),
      this.#new('greymilter, 10 new', greymilter, ten, 'floor, 10 recipients'),
      this.#new('floor, 20 messages', floor, many),
      this.#new('greymilter, 20 messages', greymilter, many, 'floor, 20 messages'),
      this.#known('floor, whole', wholeFloor, { whole: true }),
      this.#known('greymilter, whole, known', greymilter, { whole: true }, 'floor, whole'),
      this.#new('floor, TCP', tcpFloor),
      this.#new('greymilter, TCP, new', at(greymilter, greymilter.tcp), {}, 'floor, TCP'),
      this.#known('greymilter, TCP, known', at(greymilter, greymilter.tcp), {}, 'floor, TCP'),
    ];
  }

  /** So many sessions in a second. */
  atRate(rate: number): readonly Contestant[] {
    const { floor, greymilter, peers } = this.#subjects;
    return [
      this.#new('floor', floor, { rate }),
      this.#new(newTriplet, greymilter, { rate }),
      this.#known('greymilter, known triplet', greymilter, { rate }),
      ...peers.map((peer) => this.#new(peer.name, peer, { rate, expected: 'any' })),
    ];
  }

  #new(name: string, subject: Peer, extras: Extras = {}, against = 'floor'): Contestant {
    const order = (sessions: number, atOnce: number): MilterOrder => ({
      ...this.#fresh.order(subject.path, sessions, atOnce),
      ...extras,
    });
    return { name, subject, order, against };
  }

  #known(name: string, subject: Peer, extras: Extras = {}, against = 'floor'): Contestant {
    const { path } = subject;
    const order = (sessions: number, atOnce: number): MilterOrder => {
      const expected = 'continue' as const;
      return { path, sessions, atOnce, first: 0, triplets: knownTriplets, expected, ...extras };
    };
    return { name, subject, order, against };
  }
}

function at({ name, pid }: Subject, path: string): Peer {
  return { name, path, pid };
}

/** Lets triplets pass that {@link Mixes} takes for known; the filter's delay is a second. */
export async function makeKnown(
  load: Pick<LoadProcess, 'run'>,
  { path }: Pick<Subject, 'path'>,
): Promise<void> {
  const order = { path, sessions: knownTriplets, atOnce: 16, first: 0, triplets: knownTriplets };
  await load.run({ ...order, expected: 'replycode' });
  await pause(1100);
  await load.run({ ...order, expected: 'continue' });
}
