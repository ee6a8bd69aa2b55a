import { parseLineTemplate, parsePlainTemplate } from '../greylist/text-template.js';
import { assignmentsSchema } from '../rules/property-set.js';
import { parseHeaderName } from './rule-values.js';
import * as kinds from './schema-kinds.js';
import { writtenForms } from './written-forms.js';

const { choice, either, optional, required, text, whole } = kinds;

/** A line of a header, with placeholders. */
const line = text(parseLineTemplate, (template) => template.text, writtenForms.line);
const plain = text(parsePlainTemplate, (template) => template.text, writtenForms.line);
const A_LINE = 'a line of text, in which placeholders stand for values';

/** As many fields as no mail has: whatever is beyond comes last. */
const LAST_POSITION = 1000;

const headerField = required(
  either(
    line,
    kinds.section({
      value: required(line, { meaning: 'The value of the field.', expects: A_LINE }),
      at: optional(whole(0, LAST_POSITION), {
        meaning: 'How many fields of the header stand before it; it is the last one without it.',
        expects: 'a whole number such as 0 or 1',
      }),
    }),
  ).nullable(),
  { meaning: 'The value of the field.', expects: `${A_LINE}, or {value: …, at: 0}` },
);

/** The settings of a rule by which texts, or what texts may show, are changed. */
export const ruleTexts = {
  headers: optional(kinds.named(parseHeaderName, writtenForms.line, headerField), {
    meaning:
      'Header fields to add to mail that passes; null takes one away that a `continue` before it adds.',
    expects: 'a mapping such as {X-Listed: "yes"}, or {X-Listed: {value: "yes", at: 0}}',
  }),
  report: optional(line, {
    meaning: 'The value of the header that tells of a delay, in place of `greylist.header-text`.',
    expects: A_LINE,
  }),
  'subject-tag': optional(line, {
    meaning: 'What is put before the subject of mail that passes, unless it is in it already.',
    expects: A_LINE,
  }),
  footer: optional(plain, {
    meaning:
      'What is put behind the body of mail that passes; left out where the body is larger than `limits.body`.',
    expects: 'a text, in which placeholders stand for values',
  }),
  set: optional(assignmentsSchema(kinds), {
    meaning: 'Properties that it sets, for later rules and for texts.',
    expects: 'a mapping of properties, each with a text, or {add: 1}',
  }),
  'log-text': optional(plain, {
    meaning: 'A line that it writes into the log, of its own.',
    expects: 'a text, in which placeholders stand for values',
  }),
  forget: optional(choice(['client']), {
    meaning: 'Forgets every triplet of this very client address, and what it has earned.',
    expects: 'client',
  }),
};
