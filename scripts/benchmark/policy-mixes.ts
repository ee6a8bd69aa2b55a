import type { Contestant } from './measure.js';
import type { PolicyOrder } from './policy-load.js';
import type { Subject } from './processes.js';

/** All that is measured with the policy protocol. */
export interface PolicySubjects {
  readonly floor: Subject;
  /** Writes what is new before it answers. */
  readonly storeFloor: Subject;
  /** Its path is where it serves the policy protocol. */
  readonly greymilter: Pick<Subject, 'path' | 'pid'>;
  readonly postgrey: Subject | undefined;
}

/** The numbers of triplets. */
export interface PolicyNumbers {
  /** Those below are known. */
  readonly known: number;
  /** The first that nobody has seen. */
  readonly nextNew: number;
}

/** Of the requests of a turn; Postgrey is slow, and slower beside idle connections. */
const postgreyPart = 0.04;
const postgreyIdlePart = 0.004;
const postgreyRatePart = 0.1;

const deferred = 'DEFER_IF_PERMIT';
const passed = 'DUNNO';

type Extras = Pick<PolicyOrder, 'rate'>;

/** The rows of each kind of load; numbers are given out once for all of them. */
export class PolicyMixes {
  readonly #subjects: PolicySubjects;
  readonly #known: number;
  #next: number;

  constructor(subjects: PolicySubjects, { known, nextNew }: PolicyNumbers) {
    this.#subjects = subjects;
    this.#known = known;
    this.#next = nextNew;
  }

  /** So many requests at once, also beside idle connections. */
  plain(idle: number): readonly Contestant[] {
    const { floor, storeFloor, greymilter, postgrey } = this.#subjects;
    return [
      this.#new('policy floor', floor),
      this.#new('policy floor with LevelDB, new', storeFloor),
      this.#new('greymilter, new triplet', greymilter),
      this.#familiar('greymilter, known triplet'),
      { ...this.#new(`greymilter, new, ${idle} idle`, greymilter), idle },
      ...(postgrey === undefined
        ? []
        : [
            { ...this.#new('postgrey, new triplet', postgrey), part: postgreyPart },
            { ...this.#new(`postgrey, new, ${idle} idle`, postgrey), part: postgreyIdlePart, idle },
          ]),
    ];
  }

  /** So many requests in a second. */
  atRate(rate: number): readonly Contestant[] {
    const { floor, greymilter, postgrey } = this.#subjects;
    return [
      this.#new('policy floor', floor, { rate }),
      this.#new('greymilter, new triplet', greymilter, { rate }),
      this.#familiar('greymilter, known triplet', { rate }),
      ...(postgrey === undefined
        ? []
        : [{ ...this.#new('postgrey, new triplet', postgrey, { rate }), part: postgreyRatePart }]),
    ];
  }

  #new(name: string, subject: PolicySubjects['greymilter'], extras: Extras = {}): Contestant {
    const { path } = subject;
    const order = (requests: number, connections: number): PolicyOrder => {
      const first = this.#next;
      this.#next += requests;
      const triplets = requests;
      return { path, requests, connections, first, triplets, expected: deferred, ...extras };
    };
    return { name, subject, order };
  }

  #familiar(name: string, extras: Extras = {}): Contestant {
    const { greymilter: subject } = this.#subjects;
    const common = { path: subject.path, first: 0, triplets: this.#known, expected: passed };
    const order = (requests: number, connections: number): PolicyOrder => {
      return { requests, connections, ...common, ...extras };
    };
    return { name, subject, order };
  }
}
