import type { Stage } from '../greylist/attempt.js';
import type { Mode } from '../greylist/decision.js';
import type { ReplyTemplate } from '../greylist/reply-template.js';
import type { LineTemplate, PlainTemplate } from '../greylist/text-template.js';
import type { Condition, Evaluation, Needs } from './condition.js';
import type { PropertyValues } from './properties.js';

/** What a rule does with what it matches. `continue` applies its settings and goes on. */
export type Action =
  'greylist' | 'accept' | 'tempfail' | 'reject' | 'discard' | 'quarantine' | 'continue';

/** A header field to be added. */
export interface HeaderField {
  readonly name: string;
  readonly value: LineTemplate;
  /** How many fields stand before it; undefined behind all that there are. */
  readonly at: number | undefined;
}

/** What a rule sets; what it leaves out is as it was. Durations in milliseconds. */
export interface RuleSettings {
  readonly delayMs?: number;
  readonly retryWindowMs?: number;
  readonly autowhiteMs?: number;
  readonly ipv4?: number;
  readonly ipv6?: number;
  readonly stage?: 'connect' | 'helo' | 'mail' | 'rcpt' | 'data';
  readonly mode?: Mode;
  readonly code?: number;
  readonly enhanced?: string;
  readonly text?: ReplyTemplate;
  /** Header fields to be added to the message. */
  readonly headers?: readonly HeaderField[];
  /** Names, in lower case, of those that rules before it would add, and that it takes away. */
  readonly withoutHeaders?: readonly string[];
  /** How long the client waits for its answer. */
  readonly tarpitMs?: number;
  /** What counts towards that: all of the session's waiting, or the longest wait of it. */
  readonly tarpitScope?: 'session' | 'command';
  /** Whether who is refused waits as well; so it is unless it says otherwise. */
  readonly tarpitsRefusals?: boolean;
  /** The value of the header that tells of a delay. */
  readonly report?: LineTemplate;
  readonly subjectTag?: LineTemplate;
  readonly footer?: PlainTemplate;
  /** The level at which the decision is logged. */
  readonly log?: 'error' | 'warn' | 'info' | 'debug';
}

/** What a rule does where a lookup had no answer and the rest of it holds. */
export type OnUnknown = 'no-match' | 'match' | 'tempfail';

/** Where something was written; the line from 1, absent for what came from the command line. */
export interface Place {
  readonly file: string;
  readonly line: number | undefined;
}

/** A compiled rule. */
export interface Rule {
  /** As written, or `rule 3` by its position. */
  readonly name: string;
  readonly place: Place;
  readonly when: readonly Condition[];
  /** The rule does not match if all of these hold; none are no obstacle. */
  readonly unless: readonly Condition[];
  /** The first stage at which all of its conditions can be answered. */
  readonly decidableAt: Stage;
  readonly onUnknown: OnUnknown;
  readonly action: Action;
  readonly settings: RuleSettings;
  /** What it does at once when it matches. */
  readonly effects?: readonly Effect[];
}

/** Something that a rule does at once when it matches, `continue` or not. */
export type Effect = (evaluation: Evaluation) => void;

/** All rules of a configuration, compiled. */
export interface Program {
  /** Asked for each recipient. */
  readonly rules: readonly Rule[];
  /** Asked once the message is there. */
  readonly messageRules: readonly Rule[];
  /** What the MTA has to be asked for on their behalf. */
  readonly needs: Required<Needs>;
}

/** What was decided, and with which settings. */
export interface Ruling {
  readonly action: Exclude<Action, 'continue'>;
  /** The rule that matched; undefined if none did, or one only failed to know. */
  readonly rule: Rule | undefined;
  /** Those of the rule on top of those of every `continue` before it. */
  readonly settings: RuleSettings;
  /** What conditions found that a reply's text may show, such as `dnsbl`. */
  readonly found?: ReadonlyMap<string, string>;
  /** What was set by then, for texts to show. */
  readonly properties?: PropertyValues;
  /** What the groups of the rule's patterns have caught, those of the last pattern first. */
  readonly groups?: () => readonly string[];
}

/** No rules at all: everybody is greylisted. */
export const noProgram: Program = {
  rules: [],
  messageRules: [],
  needs: { macros: [], headers: false, body: false, text: false, rawHeaders: false },
};
