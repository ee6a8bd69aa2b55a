import type { Decision } from '../greylist/decision.js';
import { clip } from './log-value.js';

/** One field of a decision: its name in every format, and where its value comes from. */
export interface DecisionField {
  readonly name: string;
  /** Undefined leaves the field out. */
  readonly read: (decision: Decision) => string | number | undefined;
}

/**
 * The longest value of a decision, in UTF-16 units. Four times what RFC 5321 4.5.3.1.3 allows an
 * address; and if each of a line's five values had this length and every character of it had to
 * be escaped, the line would still be shorter than journald's 48 KiB.
 */
export const MAX_DECISION_VALUE = 1024;

function wire(value: string | undefined): string | undefined {
  return value === undefined ? undefined : clip(value, MAX_DECISION_VALUE);
}

/** In angle brackets, so that the null sender can be seen: `<>`. */
function path(text: string): string {
  return `<${clip(text, MAX_DECISION_VALUE)}>`;
}

/** Rounded up: a client that comes back after this time is not early. */
function waitSeconds(decision: Decision): number | undefined {
  if (decision.would !== 'tempfail' || decision.waitMs === undefined) return undefined;
  return Math.ceil(decision.waitMs / 1000);
}

/** Whole seconds gone by, as the X-Greylist header counts them. */
function delayedSeconds(decision: Decision): number | undefined {
  if (decision.would !== 'accept' || decision.delayedMs === undefined) return undefined;
  return Math.floor(decision.delayedMs / 1000);
}

/** What a decision's line says behind its time and level, in this order in every format. */
export const DECISION_FIELDS: readonly DecisionField[] = [
  { name: 'verdict', read: (d) => d.verdict },
  { name: 'reason', read: (d) => d.reason },
  { name: 'id', read: (d) => wire(d.attempt.id) },
  { name: 'client', read: (d) => d.attempt.clientAddress?.text },
  { name: 'name', read: (d) => wire(d.attempt.clientName) },
  { name: 'helo', read: (d) => wire(d.attempt.helo) },
  { name: 'from', read: (d) => path(d.attempt.sender.text) },
  { name: 'to', read: (d) => path(d.attempt.recipient.text) },
  { name: 'rule', read: (d) => wire(d.rule) },
  { name: 'identity', read: (d) => d.identity },
  { name: 'wait', read: waitSeconds },
  { name: 'delayed', read: delayedSeconds },
  { name: 'attempt', read: (d) => d.attempts },
  { name: 'stage', read: (d) => d.stage },
  { name: 'mode', read: (d) => (d.mode === 'enforce' ? undefined : d.mode) },
  { name: 'would', read: (d) => (d.mode === 'enforce' ? undefined : d.would) },
  { name: 'via', read: (d) => d.attempt.via },
  { name: 'took', read: (d) => Math.round(d.tookUs) },
];

/** The fields of a decision by their names, in their order; what is unknown is left out. */
export function readDecision(decision: Decision): Readonly<Record<string, string | number>> {
  const fields: Record<string, string | number> = {};
  for (const { name, read } of DECISION_FIELDS) {
    const value = read(decision);
    if (value !== undefined) fields[name] = value;
  }
  return fields;
}
