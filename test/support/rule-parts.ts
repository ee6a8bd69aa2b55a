import assert from 'node:assert/strict';
import type { Attempt } from '../../src/greylist/attempt.js';
import {
  parseLineTemplate,
  parsePlainTemplate,
  type LineTemplate,
  type PlainTemplate,
} from '../../src/greylist/text-template.js';
import type { TextSurroundings } from '../../src/greylist/template-context.js';
import { parseEnvelopeAddress } from '../../src/mail/envelope-address.js';
import { parseIpAddress } from '../../src/mail/ip-address.js';
import type { Condition, Evaluation, Truth } from '../../src/rules/condition.js';
import type { Facts } from '../../src/rules/facts.js';
import type { Lookups } from '../../src/rules/lookups.js';
import { EvaluationTexts } from '../../src/rules/evaluation-texts.js';
import { Properties } from '../../src/rules/properties.js';
import type { HeaderField, Rule } from '../../src/rules/rule.js';

/** An attempt of a client that has everything. */
export function createAttempt(more: Partial<Attempt> = {}): Attempt {
  return {
    id: '4Fq2',
    via: 'milter',
    clientAddress: parseIpAddress('203.0.113.7'),
    clientPort: 4711,
    clientName: 'mail.client.example',
    helo: 'mail.client.example',
    sender: parseEnvelopeAddress('<sender@client.example>'),
    recipient: parseEnvelopeAddress('<user@local.example>'),
    login: undefined,
    daemonName: 'MTA',
    accessMap: undefined,
    ...more,
  };
}

/** Facts with these macros. */
export function createFacts(
  more: Partial<Omit<Facts, 'macro' | 'attempt'>> & {
    readonly attempt?: Partial<Attempt>;
    readonly macros?: Readonly<Record<string, string>>;
  } = {},
): Facts {
  const { attempt, macros = {}, ...rest } = more;
  return {
    now: Date.UTC(2026, 10, 21, 12),
    recipientsBefore: 0,
    message: undefined,
    ...rest,
    attempt: createAttempt(attempt),
    macro: (symbol) => macros[symbol],
  };
}

/** Lookups that know nothing but what they are given. */
export function createLookups(known: Partial<Lookups> = {}): Lookups {
  const nothing = { known: false, problem: 'not asked in this test' } as const;
  return {
    dnsList: () => nothing,
    spf: () => nothing,
    mailExchangers: () => nothing,
    clientName: () => nothing,
    geo: () => nothing,
    url: () => nothing,
    ldap: () => nothing,
    dkim: () => nothing,
    ...known,
  };
}

/** What texts show of the place where they are written. */
export const surroundings: TextSurroundings = {
  timeZone: () => 'UTC',
  version: '1.2.3',
  host: 'filter.example',
  spellSender: ({ text }) => text.toLowerCase(),
};

/** An evaluation of these facts. */
export function createEvaluation(
  facts: Facts = createFacts(),
  lookups: Lookups = createLookups(),
): Evaluation {
  const [found, properties] = [new Map<string, string>(), new Properties()];
  const texts = new EvaluationTexts({ facts, found, properties }, surroundings);
  return { facts, lookups, rates: { hit: () => 1 }, found, properties, overrides: [], texts };
}

/** A condition with a fixed answer, and how often it was asked. */
export function createCondition(
  truth: Truth,
  kind: 'free' | 'cached' | 'lookup' = 'free',
): Condition & { asked: () => number } {
  let count = 0;
  return {
    name: kind,
    isLookup: kind !== 'free',
    test: () => {
      count++;
      return kind === 'lookup' ? Promise.resolve(truth) : truth;
    },
    asked: () => count,
  };
}

/** A rule that matches everybody, unless it is told otherwise. */
export function createRule(more: Partial<Rule> = {}): Rule {
  return {
    name: 'a rule',
    place: { file: 'greymilter.yaml', line: 1 },
    when: [],
    unless: [],
    decidableAt: 'rcpt',
    onUnknown: 'no-match',
    action: 'accept',
    settings: {},
    ...more,
  };
}

/** A line of a header as it is read from a configuration. */
export function lineTemplate(text: string): LineTemplate {
  const parsed = parseLineTemplate(text);
  assert.ok('ok' in parsed, text);
  return parsed.ok;
}

/** A header field that a rule adds. */
export function headerField(name: string, value: string, at?: number): HeaderField {
  return { name, value: lineTemplate(value), at };
}

/** A text as it is read from a configuration. */
export function plainTemplate(text: string): PlainTemplate {
  const parsed = parsePlainTemplate(text);
  assert.ok('ok' in parsed, text);
  return parsed.ok;
}
