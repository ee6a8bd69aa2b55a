import type { Parsed } from '../../config/parsed.js';
import { NULL_SENDER } from '../../mail/envelope-address.js';
import type { Condition, ConditionKind, Evaluation, SchemaKinds, Truth } from '../condition.js';
import type { Answer, MaybePromise, SpfFinding, SpfResult } from '../lookups.js';

const RESULTS = ['pass', 'fail', 'softfail', 'neutral', 'none', 'permerror'] as const;

const schema = ({ list }: SchemaKinds) =>
  list<SpfResult>(parseSpfResult, (result) => result, {
    pattern: `^(${RESULTS.join('|')})$`,
    examples: RESULTS,
  });

/** What SPF says of the client and the sender. */
export const spfCondition: ConditionKind<ReturnType<typeof schema>> = {
  name: 'spf',
  about: {
    meaning:
      "What SPF says of the client and the envelope sender's domain; for the null sender, the HELO name's. Where DNS has no answer the result is not known: see `on-unknown`.",
    expects: `${RESULTS.join(', ')}, or a list of them`,
    example: 'spf: [fail, softfail]',
  },
  stage: 'mail',
  isLookup: true,
  schema: (kinds) => schema(kinds),
  compile: (results): Condition => ({
    name: 'spf',
    isLookup: true,
    test: (evaluation) =>
      askSpf(evaluation, ({ result }) => (results.includes(result) ? 'yes' : 'no')),
  }),
};

function parseSpfResult(text: string): Parsed<SpfResult> {
  const result = RESULTS.find((known) => known === text.toLowerCase());
  if (result !== undefined) return { ok: result };
  const hint =
    text === 'temperror'
      ? 'DNS had no answer then, which `on-unknown` is for'
      : `write ${RESULTS.join(', ')}`;
  return { problem: 'is no result of SPF', hint };
}

/** Asks for SPF and judges what it says; not known where there is no answer, no without a client. */
export function askSpf(
  evaluation: Evaluation,
  judge: (finding: SpfFinding) => Truth,
): MaybePromise<Truth> {
  const { facts, lookups } = evaluation;
  const { clientAddress, sender, helo } = facts.attempt;
  if (clientAddress === undefined) {
    evaluation.note?.('no client address');
    return 'no';
  }
  const conclude = (answer: Answer<SpfFinding>): Truth => {
    if (!answer.known) {
      evaluation.note?.(`SPF is not known: ${answer.problem}`);
      return 'unknown';
    }
    const { result, domain, term } = answer.value;
    evaluation.note?.(`SPF of ${domain}: ${result}${term === undefined ? '' : ` by ${term}`}`);
    evaluation.found.set('spf', result);
    return judge(answer.value);
  };
  const answer = lookups.spf({ client: clientAddress, sender, helo });
  return answer instanceof Promise ? answer.then(conclude) : conclude(answer);
}

/** Whether this is the null sender, for which SPF can only speak of the HELO name. */
export function isNullSender({ facts }: Evaluation): boolean {
  return facts.attempt.sender.text === NULL_SENDER.text;
}
