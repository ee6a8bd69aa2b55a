import { LONGEST_TARPIT } from './clauses.js';
import type { Context } from './context.js';
import { at } from './placed.js';
import type { Mapping } from './placed.js';
import type { GreylistConf } from './syntax.js';

/** What clients may be made to wait without more patience than MTAs have, in seconds. */
const USUAL = 8;

/** The longest that a client is made to wait: MTAs must be told to wait as long for us. */
export function tarpitLimit({ statements }: GreylistConf, { findings }: Context): Mapping {
  const clauses = statements.flatMap((one) => (one.kind === 'rule' ? one.clauses : []));
  const [longest] = clauses
    .filter((clause) => clause.kind === 'tarpit')
    .toSorted((a, b) => b.seconds - a.seconds);
  if (longest === undefined || longest.seconds <= USUAL) return {};
  const seconds = Math.min(longest.seconds, LONGEST_TARPIT);
  const hint = `in Sendmail T=R:${seconds + 60}s for the filter, in Postfix milter_command_timeout`;
  findings.note(longest.place, 'tarpit', `needs an MTA that waits ${seconds}s for filters`, hint);
  return { limits: { tarpit: at(longest.place, `${seconds}s`) } };
}
