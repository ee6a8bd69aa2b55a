import { conditionsIn } from '../rules/rule-conditions.js';
import type { Program, Rule } from '../rules/rule.js';
import type { CrossIssue } from './cross-checks.js';
import { isOfMail } from './rule-actions.js';
import type { Config } from './schema.js';
import type { Path } from './settings.js';

/** What no request of the policy protocol has. */
const NOT_SHOWN: ReadonlySet<string> = new Set(['header', 'body', 'dkim']);
/** What none of its answers can do for a recipient; a field it can put before the others. */
const NOT_DONE = ['footer', 'subject-tag'] as const;

/** What rules want of the message that Postfix neither shows nor changes where it asks a policy service. */
export interface PolicyDoubts {
  /** Where nobody but a policy service is asked. */
  readonly warnings: readonly CrossIssue[];
  /** Where the milter does it, and some mail may come the other way. */
  readonly notes: readonly CrossIssue[];
}

/** Finds them; nothing if no policy service is served. */
export function findPolicyDoubts({ listen, ...config }: Config, program: Program): PolicyDoubts {
  if (listen.policy.length === 0) return { warnings: [], notes: [] };
  const doubts = [
    ...(config.lookups.unbracket ? [notUnbracketed] : []),
    ...program.messageRules.flatMap(findUnseen),
    ...config.rules.flatMap((rule, index) =>
      NOT_DONE.filter((key) => rule[key] !== undefined).map((key) => undone(['rules', index, key])),
    ),
    ...config['message-rules'].flatMap((rule, index) =>
      Object.keys(rule)
        .filter(isOfMail)
        .map((key) => undone(['message-rules', index, key])),
    ),
  ];
  return listen.milter.length === 0
    ? { warnings: doubts, notes: [] }
    : { warnings: [], notes: doubts };
}

function findUnseen(rule: Rule, index: number): readonly CrossIssue[] {
  const asked = conditionsIn(rule).find(({ name }) => NOT_SHOWN.has(name));
  if (asked === undefined) return [];
  return [
    {
      paths: [['message-rules', index]],
      problem: `asks for ${asked.name}, which Postfix shows to no policy service: no rule of message-rules is asked there`,
      hint: 'what looks into the message needs the milter: listen.milter',
    },
  ];
}

const notUnbracketed: CrossIssue = {
  paths: [['lookups', 'unbracket']],
  problem: 'asks nothing where Postfix asks the policy service',
  hint: 'Postfix looks names up itself, and says unknown where there is none',
};

function undone(path: Path): CrossIssue {
  return {
    paths: [path],
    problem: 'does nothing where Postfix asks the policy service',
    hint: 'what changes the message needs the milter: listen.milter',
  };
}
