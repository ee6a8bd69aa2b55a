import type { Parsed } from '../../config/parsed.js';
import { macrosOf } from '../../greylist/general-placeholder.js';
import { parsePlainTemplate, renderPlainTemplate } from '../../greylist/text-template.js';
import type { PlainTemplate } from '../../greylist/text-template.js';
import type { CompileContext, Condition, ConditionKind, Evaluation } from '../condition.js';
import type { ListEntry, Needs, SchemaKinds } from '../condition.js';
import type { Facts } from '../facts.js';
import { matchesGlob } from '../glob.js';
import { headerLines } from '../header-lines.js';
import { leadingInteger } from '../integer.js';
import { mergeNeeds } from '../merge-needs.js';
import { parsePattern, looksLikePattern } from '../pattern.js';
import { parsePropertyName } from '../property-set.js';
import { formatEntry } from '../sets/compile-entries.js';
import type { ValueEntry } from '../sets/value-entry.js';
import { checkComparison, compares, comparisonShape } from './comparison.js';
import type { Comparison } from './comparison.js';
import { keepMatch } from './finding.js';
import { compileStates } from './states.js';
import type { StateEntry } from './states.js';

const STATES = ['set', 'unset'] as const;

type State = (typeof STATES)[number];
type Entry = ValueEntry | StateEntry<State>;
interface Numeric extends Comparison {
  readonly 'glob-of'?: PlainTemplate | undefined;
}
interface Asked extends Numeric {
  readonly 'found-in'?: MessagePart | undefined;
}
type Value = Readonly<Record<string, readonly Entry[] | Asked>>;

const MESSAGE_PARTS = ['header', 'body'] as const;

type MessagePart = (typeof MESSAGE_PARTS)[number];

const NEEDS: Readonly<Record<MessagePart, Needs>> = {
  header: { headers: true },
  body: { body: true, text: true },
};

const TEXTS: Readonly<Record<MessagePart, (facts: Facts) => readonly string[]>> = {
  header: ({ message }) => headerLines(message?.headers ?? []),
  body: ({ message }) => (message?.body === undefined ? [] : [message.body.text]),
};

const LARGEST = 2 ** 31 - 1;

const schema = (kinds: SchemaKinds) => {
  const { choice, either, list, named, optional, section, text, whole, withChecks } = kinds;
  const entries = list<Entry>(parseEntry, formatEntry, {
    examples: ['value', '/^part/', 'set', 'unset'],
  });
  const comparison = withChecks(
    section({
      ...comparisonShape(kinds, whole(-LARGEST, LARGEST), 'a whole number such as 10'),
      'glob-of': optional(
        text(parsePlainTemplate, (template) => template.text, { examples: ['{recipient}'] }),
        {
          meaning: 'The text that the property, which is a glob such as `*@example.org`, matches.',
          expects: "a text such as '{recipient}'",
        },
      ),
      'found-in': optional(choice(MESSAGE_PARTS), {
        meaning:
          'Where in the message the property, in its very letters, stands; only in `message-rules`.',
        expects: 'header or body',
      }),
    }),
    ({ 'glob-of': globOf, 'found-in': foundIn, ...numeric }) =>
      globOf === undefined && foundIn === undefined ? checkComparison(numeric, '{over: 10}') : [],
  );
  return named(parsePropertyName, { examples: ['quota'] }, either(entries, comparison));
};

/** What properties are that rules or lookups have set. */
export const propertyCondition: ConditionKind<ReturnType<typeof schema>> = {
  name: 'property',
  about: {
    meaning:
      'What a property is that a rule or a lookup has set: a text or a pattern, in any letter case, `set` or `unset`; or a number to compare, which one that is not set is in no way. Of several values of a property one must match; of numbers it is the newest. With `found-in: header` or `body` one must stand in the message, in its very letters. Several properties must all match.',
    expects:
      'a mapping of properties, each with a text, a pattern, set, unset, a list of them, or a mapping with over, at-least, under, up-to, is, is-not, glob-of or found-in',
    example: 'property: {user-class: [guest, trial], tries: {over: 5}}',
  },
  stage: 'connect',
  stageOf: (value) => (partsIn(value).length > 0 ? 'eom' : 'connect'),
  isLookup: false,
  schema: (kinds) => schema(kinds),
  needs: (value) =>
    mergeNeeds([
      { macros: Object.values(value).flatMap(macrosIn) },
      ...partsIn(value).map((part) => NEEDS[part]),
    ]),
  compile: compileProperties,
};

function partsIn(value: Value): readonly MessagePart[] {
  return Object.values(value).flatMap((wanted) => {
    const part = isEntries(wanted) ? undefined : wanted['found-in'];
    return part === undefined ? [] : [part];
  });
}

function macrosIn(value: readonly Entry[] | Asked): readonly string[] {
  if (isEntries(value)) return [];
  return Object.values(value).flatMap((operand: Asked[keyof Asked]) =>
    typeof operand === 'object' ? macrosOf(operand.placeholders) : [],
  );
}

function isEntries(value: readonly Entry[] | Asked): value is readonly Entry[] {
  return Array.isArray(value);
}

function parseEntry(text: string): Parsed<Entry> {
  const state = STATES.find((known) => known === text);
  if (state !== undefined) return { ok: { kind: 'state', text, state } };
  if (!looksLikePattern(text) || !/^\/.*\/[a-z]{0,3}$/s.test(text)) {
    return { ok: { kind: 'value', text, value: text.toLowerCase() } };
  }
  const parsed = parsePattern(text, { ignoreCase: true });
  return 'ok' in parsed ? { ok: { kind: 'pattern', text, pattern: parsed.ok } } : parsed;
}

type Test = (evaluation: Evaluation) => boolean;

function compileProperties(value: Value, context: CompileContext): Condition {
  const tests = Object.entries(value).map(([name, wanted]) =>
    isEntries(wanted) ? compileEntries(name, wanted, context) : compileAsked(name, wanted),
  );
  return {
    name: 'property',
    isLookup: false,
    test: (evaluation) => (tests.every((test) => test(evaluation)) ? 'yes' : 'no'),
  };
}

function compileEntries(name: string, entries: readonly Entry[], context: CompileContext): Test {
  const states = compileStates<State>(entries, context, [name]);
  const values = entries.flatMap((value, index): readonly ListEntry<ValueEntry>[] =>
    value.kind === 'state' ? [] : [{ value, place: context.place([name, index]) }],
  );
  return (evaluation) => {
    const all = evaluation.properties.all(name);
    const newest = all.at(-1);
    evaluation.note?.(`${name} is ${newest === undefined ? 'not set' : `"${newest}"`}`);
    if (newest === undefined) return states.has('unset');
    const matching = all.find((text) => values.some(({ value }) => isEqual(value, text)));
    const matched = matching ?? (states.has('set') ? newest : undefined);
    if (matched === undefined) return false;
    keepMatch(
      evaluation,
      matched,
      values.find(({ value }) => isEqual(value, matched)),
    );
    return remember(evaluation, name, matched);
  };
}

function isEqual(entry: ValueEntry, text: string): boolean {
  return entry.kind === 'pattern'
    ? entry.pattern.matches(text)
    : entry.value === text.toLowerCase();
}

function compileAsked(name: string, { 'found-in': part, ...numeric }: Asked): Test {
  const isOnlyPart = Object.values(numeric).every((operand) => operand === undefined);
  const tests = [
    ...(isOnlyPart ? [] : [compileNumeric(name, numeric)]),
    ...(part === undefined ? [] : [compilePart(name, part)]),
  ];
  return (evaluation) => tests.every((test) => test(evaluation));
}

function compilePart(name: string, part: MessagePart): Test {
  return (evaluation) => {
    const texts = TEXTS[part](evaluation.facts);
    const found = evaluation.properties
      .all(name)
      // An empty text stands everywhere, which nobody can mean.
      .find((value) => value !== '' && texts.some((text) => text.includes(value)));
    evaluation.note?.(
      found === undefined
        ? `no value of ${name} is in the ${part}`
        : `${name} "${found}" is in the ${part}`,
    );
    return found !== undefined && remember(evaluation, name, found);
  };
}

function compileNumeric(name: string, { 'glob-of': globOf, ...comparison }: Numeric): Test {
  const isOfNumbers = Object.values(comparison).some((operand) => typeof operand === 'object');
  return (evaluation) => {
    const { properties, texts, note } = evaluation;
    const text = properties.get(name);
    note?.(`${name} is ${text === undefined ? 'not set' : `"${text}"`}`);
    // Compared with another property it counts as 0, as that one does if it is not set.
    if (text === undefined && (globOf !== undefined || !isOfNumbers)) return false;
    const isGlob =
      globOf === undefined || matchesGlob(text ?? '', renderPlainTemplate(globOf, texts));
    if (!isGlob || !compares(leadingInteger(text ?? ''), comparison, evaluation)) return false;
    return remember(evaluation, name, text ?? '');
  };
}

/** The last property that matched, for texts to show. */
function remember({ found }: Evaluation, name: string, value: string): true {
  found.set('property', name);
  found.set('property-value', value);
  return true;
}
