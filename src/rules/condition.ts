import type * as schemaKinds from '../config/schema-kinds.js';
import type { Attempt, Stage } from '../greylist/attempt.js';
import type { TemplateContext } from '../greylist/template-context.js';
import type { PlainTemplate } from '../greylist/text-template.js';
import type { IpAddress } from '../mail/ip-address.js';
import type { AddressNormalisation } from '../mail/normalise-address.js';
import type { EvaluationTexts } from './evaluation-texts.js';
import type { Facts } from './facts.js';
import type { LookupDefinitions } from './lookup-definitions.js';
import type { Lookups, MaybePromise } from './lookups.js';
import type { Properties } from './properties.js';
import type { RuleOverride } from './rule-override.js';
import type { ListKind, ListSets } from './sets/list-kinds.js';

/** `unknown`: a lookup had no answer. */
export type Truth = 'yes' | 'no' | 'unknown';

/** How often something happened; what a condition on a rate asks. */
export interface Rates {
  /**
   * How often a key was seen within the window, this time included.
   *
   * @param key everything that is counted apart, with the rule it is counted for
   * @param times what this time counts, 1 unless told otherwise; 0 to ask without counting
   */
  hit(key: string, windowMs: number, now: number, times?: number): number;
}

/**
 * What is known of a client that may be made to wait with such mail: nothing yet, that it did wait, or
 * gave up; or that there is no more room, or no answer.
 */
export type TarpitState = 'new' | 'stayed' | 'left' | 'full' | 'unknown';

/** Where clients are made to wait. */
export interface Tarpits {
  stateOf(attempt: Attempt): MaybePromise<TarpitState>;
}

/** One attempt on its way through the rules. */
export interface Evaluation {
  readonly facts: Facts;
  readonly lookups: Lookups;
  readonly rates: Rates;
  /** Nobody has ever waited without it. */
  readonly tarpits?: Tarpits | undefined;
  /** Hears what the condition has found, in words; absent where nobody wants to know. */
  readonly note?: (finding: string) => void;
  /** What conditions found that a reply's text may show, such as `dnsbl`. */
  readonly found: Map<string, string>;
  /** What rules and lookups have set for this recipient and its message; conditions may set more. */
  readonly properties: Properties;
  /** What servers that this rule has asked put in its place; emptied for each rule. */
  readonly overrides: RuleOverride[];
  /** What texts show, and what patterns have found. */
  readonly texts: EvaluationTexts;
  /** What rules do beside their verdict; absent where nothing is to be done. */
  readonly effects?: Effects | undefined;
}

/** What a rule does at once when it matches, whatever is decided later. */
export interface Effects {
  /** A line of its own in the log; whoever writes it hides what the log must not show. */
  log(template: PlainTemplate, texts: TemplateContext): void;
  /** All that is remembered of this client address is forgotten, since the rule says so. */
  forgetClient(client: IpAddress, texts: TemplateContext): void;
  /** A rate is exceeded; the log may have a line for it. */
  exceedRate(attempt: Attempt, excess: RateExcess): void;
}

/** By how much a rate is exceeded, and which. */
export interface RateExcess {
  /** Its name, or where it stands. */
  readonly counter: string;
  readonly seen: number;
  readonly over: number;
  readonly counted: string;
  readonly seconds: number;
  /** What it is counted apart by, with its values. */
  readonly key: string;
}

/** A compiled condition of one rule. */
export interface Condition {
  /** Its key in the configuration. */
  readonly name: string;
  /** Whether it asks outside; those are asked last, and together. */
  readonly isLookup: boolean;
  /** Whether asking it counts: then it is asked when nothing else of its rule is left to say no. */
  readonly isCounting?: boolean;
  /** The conditions that it consists of, where it stands for several. */
  readonly parts?: readonly Condition[];
  /** Of a part: whether it must not hold. */
  readonly isNegated?: boolean;
  /** Never throws or rejects. */
  test(evaluation: Evaluation): MaybePromise<Truth>;
}

/** What has to be negotiated with the MTA for a condition. */
export interface Needs {
  readonly macros?: readonly string[];
  readonly headers?: boolean;
  /** Its length at least. */
  readonly body?: boolean;
  /** What stands in the body, within `limits.body`. */
  readonly text?: boolean;
  /** Header values with the blanks before them. */
  readonly rawHeaders?: boolean;
}

/** A line of a list, or an entry that stands in the rule itself. */
export interface ListEntry<T> {
  readonly value: T;
  /** Where it was written, for people: `clients.txt:12`, `greymilter.yaml:40`. */
  readonly place: string;
}

/** What conditions are compiled with. */
export interface CompileContext {
  /** Unique among all rules and conditions; the same after a reload if the rule's name is. */
  readonly id: string;
  /** The time zone of whatever names none, as `Intl` knows it: `Europe/Berlin`. */
  readonly timeZone: () => string;
  /** This machine's own address, where the MTA does not tell it. */
  readonly localAddress?: IpAddress | undefined;
  /** Which spellings of an address are the same, as for the triplets. */
  readonly addresses: Readonly<Record<'sender' | 'recipient', AddressNormalisation>>;
  /**
   * Where a part of the condition was written, for people.
   *
   * @param path below the condition's key: `[2]` is the third entry of its list
   */
  place(path: readonly (string | number)[]): string;
  /** What the configuration has under `lookups` by name. */
  readonly definitions: LookupDefinitions;
  /**
   * Says that the condition cannot be used.
   *
   * @param path below the condition's key
   */
  complain(path: readonly (string | number)[], problem: string, hint: string): void;
  /**
   * The entries of this kind in the list of this name, compiled once for all conditions. A list
   * that there is not is empty, and complained of where it is named.
   *
   * @param path of the reference, below the condition's key
   */
  list<Kind extends ListKind>(
    kind: Kind,
    name: string,
    path: readonly (string | number)[],
  ): ListSets[Kind];
}

/** The schema constructors, handed in so that rules need no schema library. */
export type SchemaKinds = typeof schemaKinds;

/**
 * A kind of condition: how it is written, and what becomes of it. One file each, and one line in
 * the table of conditions.
 */
export interface ConditionKind<Schema extends Parameters<SchemaKinds['describe']>[0]> {
  readonly name: string;
  /** For the reference: what it tests, what it takes, and a line that shows it. */
  readonly about: {
    readonly meaning: string;
    readonly expects: string;
    readonly example: string;
  };
  /** The first stage at which an answer is possible. */
  readonly stage: Stage;
  /** The same for a value, where it depends on what is written. */
  stageOf?(value: Schema['_zod']['output']): Stage;
  readonly isLookup: boolean;
  schema(kinds: SchemaKinds): Schema;
  needs?(value: Schema['_zod']['output'], definitions?: LookupDefinitions): Needs;
  compile(value: Schema['_zod']['output'], context: CompileContext): Condition;
}

/** A kind of condition in the table of all, whatever its schema is. */
export type AnyConditionKind = ConditionKind<Parameters<SchemaKinds['describe']>[0]>;
