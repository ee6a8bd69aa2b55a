import { macrosOf } from '../../greylist/general-placeholder.js';
import { parsePlainTemplate, renderPlainTemplate } from '../../greylist/text-template.js';
import type { Condition, ConditionKind, SchemaKinds } from '../condition.js';

const schema = ({ text }: SchemaKinds) =>
  text(parsePlainTemplate, (template) => template.text, { examples: ['{client-address} is here'] });

/** Writes a line into the log at its place among the conditions. */
export const logTextCondition: ConditionKind<ReturnType<typeof schema>> = {
  name: 'log-text',
  about: {
    meaning:
      'Writes a line into the log when its turn comes, and always holds. It is for `all`, as `set` is.',
    expects: 'a text, in which placeholders stand for values',
    example: "log-text: '{client-address} says {helo}'",
  },
  stage: 'connect',
  isLookup: false,
  schema: (kinds) => schema(kinds),
  needs: ({ placeholders }) => ({ macros: macrosOf(placeholders) }),
  compile: (template): Condition => ({
    name: 'log-text',
    isLookup: false,
    test: ({ texts, effects, note }) => {
      effects?.log(template, texts);
      note?.(renderPlainTemplate(template, texts));
      return 'yes';
    },
  }),
};
