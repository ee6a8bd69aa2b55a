import type { LogFields, Logger } from '../../telemetry/logger.js';
import type { Clock } from './clock.js';
import { RepeatedWarning } from './repeated-warning.js';

/** What can keep us from judging mail for some time, so that it passes or is put off unjudged. */
export type ImpairmentCause =
  | 'store-read'
  | 'store-write'
  | 'milter-overload'
  | 'policy-overload'
  | 'network-flood'
  | 'pending-full';

/** As long as a warning of it is not repeated, so a new beginning is always logged. */
const QUIET_MS = 60_000;

interface Words {
  readonly begins: string;
  readonly ends: string;
  /** For one line about how we are. */
  readonly briefly: string;
  readonly level: 'warn' | 'error';
}

const words: Readonly<Record<ImpairmentCause, Words>> = {
  'store-read': {
    begins: 'store cannot be read',
    ends: 'the store can be read again',
    briefly: 'the store cannot be read',
    level: 'error',
  },
  'store-write': {
    begins: 'store cannot be written',
    ends: 'the store can be written again',
    briefly: 'the store cannot be written',
    level: 'error',
  },
  'milter-overload': {
    begins: 'more connections than limits.connections: sessions pass without greylisting',
    ends: 'no more connections than limits.connections: all sessions are greylisted again',
    briefly: 'too many connections, some pass',
    level: 'warn',
  },
  'policy-overload': {
    begins:
      'more policy connections than limits.connections: their mail passes without greylisting',
    ends: 'no more policy connections than limits.connections: all their mail is greylisted again',
    briefly: 'too many policy connections, some pass',
    level: 'warn',
  },
  'network-flood': {
    begins:
      'more pending triplets than limits.pending-per-network: new ones of this network are put off without being remembered',
    ends: 'no network has more pending triplets than limits.pending-per-network',
    briefly: 'a network floods the filter, new triplets of it are not remembered',
    level: 'warn',
  },
  'pending-full': {
    begins: 'more pending triplets than limits.pending: new ones pass without greylisting',
    ends: 'no more pending triplets than limits.pending: new ones are greylisted again',
    briefly: 'too many pending triplets, new ones pass',
    level: 'warn',
  },
};

/** One cause: it begins when it is met first, and ends when all has gone well for a minute. */
export class Impairment {
  readonly cause: ImpairmentCause;
  /** How often it was met since the start. */
  times = 0;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #warning: RepeatedWarning;
  readonly #onChange: () => void;
  #sinceAt: number | undefined;
  #timesBefore = 0;
  #metAt = 0;

  constructor(cause: ImpairmentCause, logger: Logger, clock: Clock, onChange: () => void) {
    const { begins, level } = words[cause];
    this.cause = cause;
    this.#logger = logger;
    this.#clock = clock;
    this.#onChange = onChange;
    this.#warning = new RepeatedWarning(begins, logger, clock, level);
  }

  get isOn(): boolean {
    return this.#sinceAt !== undefined;
  }

  /** When it began, RFC 3339; undefined if it is not there. */
  get since(): string | undefined {
    return this.#sinceAt === undefined ? undefined : new Date(this.#sinceAt).toISOString();
  }

  /** As {@link Words.briefly}. */
  get briefly(): string {
    return words[this.cause].briefly;
  }

  /** Logged when it begins, and once a minute while it goes on. */
  meet(fields: LogFields): void {
    const begins = this.#sinceAt === undefined;
    this.times++;
    this.#metAt = this.#clock.now();
    this.#sinceAt ??= this.#metAt;
    this.#warning.warn(fields);
    if (begins) this.#onChange();
  }

  /**
   * Something went well. Next to nothing where nothing is wrong; otherwise it ends what has not been
   * met for a while, since of a damaged store some records can be read, and others cannot.
   */
  over(): void {
    if (this.#sinceAt === undefined) return;
    const now = this.#clock.now();
    if (Math.abs(now - this.#metAt) < QUIET_MS) return;
    const seconds = Math.max(0, Math.round((this.#metAt - this.#sinceAt) / 1000));
    const times = this.times - this.#timesBefore;
    this.#timesBefore = this.times;
    this.#sinceAt = undefined;
    this.#logger.info(words[this.cause].ends, { seconds, times });
    this.#onChange();
  }
}

/** All that can keep us from judging mail. */
export class Impairments {
  readonly all: readonly Impairment[];
  readonly storeRead: Impairment;
  readonly storeWrite: Impairment;
  readonly milterOverload: Impairment;
  readonly policyOverload: Impairment;
  readonly networkFlood: Impairment;
  readonly pendingFull: Impairment;

  constructor(logger: Logger, clock: Clock, onChange: () => void = () => undefined) {
    const impairment = (cause: ImpairmentCause): Impairment =>
      new Impairment(cause, logger, clock, onChange);
    this.storeRead = impairment('store-read');
    this.storeWrite = impairment('store-write');
    this.milterOverload = impairment('milter-overload');
    this.policyOverload = impairment('policy-overload');
    this.networkFlood = impairment('network-flood');
    this.pendingFull = impairment('pending-full');
    this.all = [
      this.storeRead,
      this.storeWrite,
      this.milterOverload,
      this.policyOverload,
      this.networkFlood,
      this.pendingFull,
    ];
  }
}
