import type { Parsed } from '../config/parsed.js';
import { parsePlainTemplate, renderPlainTemplate } from '../greylist/text-template.js';
import type { PlainTemplate } from '../greylist/text-template.js';
import type { Evaluation, SchemaKinds } from './condition.js';
import { leadingInteger } from './integer.js';
import { isPropertyName } from './properties.js';
import type { PropertyScope } from './properties.js';

/** What a property is given: a text, or one with its way and its scope. */
type Assignment =
  | PlainTemplate
  | number
  | {
      readonly to?: PlainTemplate | number | undefined;
      readonly add?: PlainTemplate | number | undefined;
      readonly subtract?: PlainTemplate | number | undefined;
      readonly scope?: PropertyScope | undefined;
    };

/** Properties by their names. */
export type Assignments = Readonly<Record<string, Assignment>>;

const LARGEST = 2 ** 31 - 1;

/** How properties are set in the configuration. */
export function assignmentsSchema(kinds: SchemaKinds): ReturnType<typeof schemaOf> {
  return schemaOf(kinds);
}

function schemaOf(kinds: SchemaKinds) {
  const { choice, either, named, optional, section, text, whole, withChecks } = kinds;
  const value = either(
    whole(-LARGEST, LARGEST),
    text(parsePlainTemplate, (template) => template.text, { examples: ['{recipient}', 'yes'] }),
  );
  const expects = 'a text, in which placeholders stand for values, or a whole number';
  const assignment = withChecks(
    section({
      to: optional(value, { meaning: 'What it becomes.', expects }),
      add: optional(value, { meaning: 'What is added to the number that it is.', expects }),
      subtract: optional(value, { meaning: 'What is taken from that number.', expects }),
      scope: optional(choice(['message', 'recipient']), {
        meaning:
          'How long it lives: as long as the message, without it; or until the next recipient is named.',
        expects: 'message or recipient',
      }),
    }),
    ({ to, add, subtract }) =>
      [to, add, subtract].filter((part) => part !== undefined).length === 1
        ? []
        : [{ path: [], problem: 'needs one of to, add and subtract', hint: 'write {add: 1}' }],
  );
  return named(parsePropertyName, { examples: ['quota'] }, either(value, assignment));
}

/** Reads the name of a property. */
export function parsePropertyName(name: string): Parsed<string> {
  if (isPropertyName(name)) return { ok: name };
  const hint = 'write letters, digits, dashes and underscores';
  return { problem: 'is not the name of a property', hint };
}

/** Sets the properties, one after the other: each sees what those before it are by then. */
export function assign(assignments: Assignments, evaluation: Evaluation): void {
  for (const [name, assignment] of Object.entries(assignments)) {
    const isMapping = typeof assignment === 'object' && !('literals' in assignment);
    const { to, add, subtract, scope = 'message' } = isMapping ? assignment : { to: assignment };
    const { properties } = evaluation;
    const before = leadingInteger(properties.get(name) ?? '');
    const number = (value: PlainTemplate | number): number =>
      leadingInteger(textOf(value, evaluation));
    if (to !== undefined) properties.set(scope, name, textOf(to, evaluation));
    if (add !== undefined) properties.set(scope, name, String(before + number(add)));
    if (subtract !== undefined) properties.set(scope, name, String(before - number(subtract)));
  }
}

function textOf(value: PlainTemplate | number, { texts }: Evaluation): string {
  return typeof value === 'number' ? String(value) : renderPlainTemplate(value, texts);
}

/** The texts among what is set, for what they need of the MTA. */
export function templatesIn(assignments: Assignments): readonly PlainTemplate[] {
  return Object.values(assignments).flatMap((assignment) => {
    if (typeof assignment === 'number') return [];
    if ('literals' in assignment) return [assignment];
    const { to, add, subtract } = assignment;
    return [to, add, subtract].filter((part) => typeof part === 'object');
  });
}
