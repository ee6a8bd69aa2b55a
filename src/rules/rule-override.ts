import { parseReplyTemplate } from '../greylist/reply-template.js';
import { parseLineTemplate } from '../greylist/text-template.js';
import type { Evaluation } from './condition.js';
import type { NamedValues } from './lookups.js';
import type { Action, Rule, RuleSettings } from './rule.js';

/** What a server's answer puts in the place of what the rule that asked it says. */
export interface RuleOverride {
  readonly action?: Extract<Action, 'greylist' | 'accept' | 'reject' | 'continue'> | undefined;
  readonly settings: RuleSettings;
  /** All that is remembered of the client is forgotten. */
  readonly forgetsClient: boolean;
}

/** What a server has said, in milter-greylist's words. */
export interface ServerAnswer {
  /** Whether it holds by these words; undefined if there is none of them. */
  readonly holds: boolean | undefined;
  readonly override: RuleOverride;
}

const PREFIX = 'miltergreylist';

const ACTIONS: ReadonlyMap<string, RuleOverride['action']> = new Map([
  ['greylist', 'greylist'],
  ['whitelist', 'accept'],
  ['blacklist', 'reject'],
  ['continue', 'continue'],
]);

type Apply = (value: string) => Partial<RuleSettings> | undefined;

const DAY_MS = 24 * 60 * 60 * 1000;

/** By what follows the prefix; those that only say that something matches set nothing. */
const SETTINGS: Readonly<Record<string, Apply>> = {
  delay: (value) => whole(millisecondsOf(value, DAY_MS), (delayMs) => ({ delayMs })),
  autowhite: (value) =>
    whole(millisecondsOf(value, 1830 * DAY_MS), (autowhiteMs) => ({ autowhiteMs })),
  tarpit: (value) => whole(millisecondsOf(value, DAY_MS), (tarpitMs) => ({ tarpitMs })),
  nolog: () => ({ log: 'debug' }),
  code: (value) => (/^[45][0-5]\d$/.test(value) ? { code: Number(value) } : undefined),
  ecode: (value) => (/^[45](?:\.\d{1,3}){2}$/.test(value) ? { enhanced: value } : undefined),
  msg: (value) => {
    const parsed = parseReplyTemplate(inItsLetters(value));
    return 'ok' in parsed ? { text: parsed.ok } : undefined;
  },
  report: (value) => {
    const parsed = parseLineTemplate(inItsLetters(value));
    return 'ok' in parsed && value !== '' ? { report: parsed.ok } : undefined;
  },
};

/** That make the question hold without setting anything here. */
const OTHERS: readonly string[] = ['action', 'flushaddr', 'ignore'];

/** Reads the keys `milterGreylist…` of an answer, in any letter case; what is wrong is left out. */
export function readServerAnswer(values: NamedValues): ServerAnswer {
  let settings: RuleSettings = {};
  let action: RuleOverride['action'];
  let status: boolean | undefined;
  let isKnown = false;
  let forgetsClient = false;
  for (const [name, value] of values) {
    const lower = name.toLowerCase();
    if (!lower.startsWith(PREFIX)) continue;
    const key = lower.slice(PREFIX.length);
    if (key === 'status') status = /^(?:ok|true)$/i.test(value);
    const apply = Object.hasOwn(SETTINGS, key) ? SETTINGS[key] : undefined;
    if (apply !== undefined) settings = { ...settings, ...apply(value) };
    if (key === 'action') action = ACTIONS.get(value.toLowerCase());
    forgetsClient ||= key === 'flushaddr';
    isKnown ||= apply !== undefined || OTHERS.includes(key);
  }
  return {
    holds: status ?? (isKnown ? true : undefined),
    override: { action, settings, forgetsClient },
  };
}

/** A server's braces are no placeholders. */
function inItsLetters(text: string): string {
  return text.replace(/[{}]/g, '$&$&');
}

function whole<T>(value: number | undefined, make: (value: number) => T): T | undefined {
  return value === undefined ? undefined : make(value);
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds, or a number with one unit; undefined if it is none, or too long. */
function millisecondsOf(text: string, longestMs: number): number | undefined {
  const [, digits = '', unit = 's'] = /^(\d{1,9})([smhdw]?)$/i.exec(text) ?? [];
  if (digits === '') return undefined;
  const ms = Number(digits) * 1000 * (UNITS[unit.toLowerCase()] ?? 1);
  return ms <= longestMs ? ms : undefined;
}

/** What a rule does once the servers that it has asked have had their say. */
export function applyOverrides(
  rule: Pick<Rule, 'action' | 'settings'>,
  { overrides, effects, texts }: Pick<Evaluation, 'overrides' | 'effects' | 'texts'>,
): Pick<Rule, 'action' | 'settings'> {
  if (overrides.length === 0) return rule;
  const client = texts.attempt.clientAddress;
  let { action, settings } = rule;
  for (const override of overrides) {
    action = override.action ?? action;
    settings = { ...settings, ...override.settings };
    if (override.forgetsClient && client !== undefined) effects?.forgetClient(client, texts);
  }
  // As in milter-greylist a code says whether it is for good.
  if (action === 'reject' && isTemporary(settings.code)) action = 'tempfail';
  return { action, settings: withFittingReply(settings, action === 'reject' ? '5' : '4') };
}

function isTemporary(code: number | undefined): boolean {
  return code !== undefined && code < 500;
}

/** Without codes of the other kind, at which MTAs stumble. */
function withFittingReply(settings: RuleSettings, digit: '4' | '5'): RuleSettings {
  const { code, enhanced, ...rest } = settings;
  return {
    ...rest,
    ...(code !== undefined && fits(code, digit) && { code }),
    ...(enhanced?.startsWith(digit) === true && { enhanced }),
  };
}

/** 421 would end the session, and beyond x59 no code is for mail. */
function fits(code: number, digit: '4' | '5'): boolean {
  return code !== 421 && String(code).startsWith(digit) && code % 100 < 60;
}
