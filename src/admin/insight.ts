import type { Statistics } from '../greylist/statistics.js';

/** What of a daemon its statistics and its page tell, beside records and status. */
export interface Insight {
  /** What of an hour is not in the store yet. */
  unwritten(hour: number): readonly Statistics[];
  /** As the configuration in force has it. */
  settings(): StatisticsTerms;
  rules(): readonly RuleReading[];
  /** Absent where the configuration asks for none. */
  lookups(): readonly LookupReading[];
}

/** How statistics are kept, and by which delay they are to be read. */
export interface StatisticsTerms {
  readonly keepMs: number;
  readonly hasNames: boolean;
  /** Whether the store tells what it forgets; one on a server does not. */
  readonly hearsOfForgotten: boolean;
  readonly delayMs: number;
}

/** A rule that is loaded. */
export interface RuleReading {
  readonly section: 'rules' | 'message-rules';
  readonly name: string;
  /** `greymilter.yaml:40` */
  readonly place: string;
  readonly action: string;
  /** How often it has decided, or lent its settings, since the start. */
  readonly hits: number;
}

/** Lookups of one kind, since the configuration was read. */
export interface LookupReading {
  readonly kind: string;
  readonly asked: number;
  readonly unknown: number;
  /** Of those that were not answered at once; absent if all were. */
  readonly averageMs?: number | undefined;
}
