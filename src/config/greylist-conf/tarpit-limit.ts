import { LONGEST_TARPIT, tarpitTime } from './clauses.js';
import type { Context } from './context.js';
import { at } from './placed.js';
import type { Mapping, Node } from './placed.js';
import type { GreylistConf } from './syntax.js';

/** What clients may be made to wait without more patience than MTAs have, in seconds. */
const USUAL = 8;

/** The longest that a client is made to wait: MTAs must be told to wait as long for us. */
export function tarpitLimit(conf: GreylistConf, { findings }: Context): Mapping {
  const ofRules = conf.statements.flatMap((one) => (one.kind === 'rule' ? one.clauses : []));
  const ofClauses = ofRules.flatMap((clause) => (clause.kind === 'tarpit' ? [clause] : []));
  const [longest] = [...statementsIn(conf), ...ofClauses].toSorted((a, b) => b.seconds - a.seconds);
  if (longest === undefined || longest.seconds <= USUAL) return {};
  const seconds = Math.min(longest.seconds, LONGEST_TARPIT);
  const hint = `in Sendmail T=R:${seconds + 60}s for the filter, in Postfix milter_command_timeout=${seconds + 60}s`;
  findings.note(longest.place, 'tarpit', `needs an MTA that waits ${seconds}s for filters`, hint);
  return { limits: { tarpit: at(longest.place, `${seconds}s`) } };
}

/**
 * What clients wait by any rule that does not say so itself: it goes on to the rule that decides,
 * and who gave up waits again. Who is blacklisted is told at once.
 */
export function usualTarpit(conf: GreylistConf, { tarpitScope: scope }: Context): readonly Node[] {
  const [statement] = statementsIn(conf);
  if (statement === undefined || statement.seconds <= 0) return [];
  const tarpit = { for: tarpitTime(statement.seconds), scope, again: true, refusals: false };
  return [at(statement.place, { name: 'tarpit', when: { tarpit }, then: 'continue' })];
}

/** The last statement of its own, which is the one that counts. */
function statementsIn({ statements }: GreylistConf) {
  return statements.flatMap((one) => (one.kind === 'tarpit' ? [one] : [])).slice(-1);
}
