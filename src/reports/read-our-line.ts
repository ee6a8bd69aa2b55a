import { clientAddress, withoutBrackets } from './bracketed.js';
import type { ToldDecision } from './logged-decision.js';
import { isMode, isReason, isVerdict, isVia } from './our-words.js';

type Fields = ReadonlyMap<string, string>;

/** One field of the text format: bare, or a JSON string. */
const FIELD = / ?([a-z]+)=("(?:[^"\\]|\\.)*"|[^ "]*)/y;

const LEVEL = /^(?:error|warn|info|debug) (?=verdict=)/;

/** Reads what the text format says behind its time; undefined if it is no decision. */
export function readOurText(body: string): ToldDecision | undefined {
  const text = body.replace(LEVEL, '');
  if (!text.startsWith('verdict=')) return undefined;
  const fields = new Map<string, string>();
  FIELD.lastIndex = 0;
  for (let found = FIELD.exec(text); found !== null; found = FIELD.exec(text)) {
    const [, name = '', value = ''] = found;
    fields.set(name, value.startsWith('"') ? unquote(value) : value);
    if (FIELD.lastIndex === text.length) return decisionOf(fields);
  }
  return undefined;
}

/** A decision in JSON, and its time. */
export interface JsonDecision {
  readonly told: ToldDecision;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Reads an object of the JSON format; undefined if it is no decision. */
export function readOurJson(object: Readonly<Record<string, unknown>>): JsonDecision | undefined {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(object)) {
    if (typeof value === 'string' || typeof value === 'number') fields.set(name, String(value));
  }
  const told = decisionOf(fields);
  const at = Date.parse(fields.get('time') ?? '');
  return told === undefined || Number.isNaN(at) ? undefined : { told, at };
}

function unquote(quoted: string): string {
  try {
    const value: unknown = JSON.parse(quoted);
    return typeof value === 'string' ? value : quoted;
  } catch {
    // Not written by us; better shown as it is than not at all.
    return quoted;
  }
}

function decisionOf(fields: Fields): ToldDecision | undefined {
  const verdict = fields.get('verdict') ?? '';
  const would = fields.get('would') ?? verdict;
  const reason = fields.get('reason') ?? '';
  const mode = fields.get('mode') ?? 'enforce';
  if (!isVerdict(verdict) || !isVerdict(would) || !isReason(reason) || !isMode(mode)) {
    return undefined;
  }
  const delayed = fields.get('delayed');
  const via = fields.get('via') ?? '';
  return {
    voice: 'greymilter',
    verdict,
    would,
    mode,
    reason,
    id: fields.get('id') ?? '',
    via: isVia(via) ? via : undefined,
    client: clientAddress(fields.get('client') ?? ''),
    name: fields.get('name'),
    helo: fields.get('helo'),
    from: withoutBrackets(fields.get('from') ?? ''),
    to: withoutBrackets(fields.get('to') ?? ''),
    rule: fields.get('rule'),
    identity: fields.get('identity'),
    delayedS: delayed === undefined ? undefined : Number(delayed),
  };
}
