import { at } from './placed.js';
import type { Mapping } from './placed.js';
import type { Context } from './context.js';
import type { Clause, GreylistConf } from './syntax.js';

const KIB = 1024;
const LEAST = KIB;
const MOST = 64 * KIB * KIB;
/** Where the file names none milter-greylist keeps all of each message in memory. */
const USUAL = '1MiB';

/**
 * How much of messages is looked at. There is one limit for all of them here: the largest that the
 * file has anywhere.
 */
export function bodyLimit({ statements }: GreylistConf, { findings, urls }: Context): Mapping {
  const limits = statements.flatMap((one) => {
    if (one.kind === 'maxpeek') return [{ place: one.place, bytes: one.value }];
    if (one.kind !== 'rule') return [];
    return one.values.flatMap((value) =>
      value.kind === 'maxpeek' ? [{ place: value.place, bytes: value.bytes }] : [],
    );
  });
  const [largest] = limits.toSorted((a, b) => b.bytes - a.bytes);
  if (largest !== undefined) {
    const bytes = Math.min(Math.max(largest.bytes, LEAST), MOST);
    if (limits.length > 1 || bytes !== largest.bytes) {
      findings.note(largest.place, 'maxpeek', `is ${bytes} for all messages`);
    }
    return { limits: { body: at(largest.place, bytes) } };
  }
  const reads = statements.find(
    (one) =>
      one.kind === 'rule' &&
      (one.clauses.some(readsBody) || one.values.some(({ kind }) => kind === 'addfooter')),
  );
  if (reads === undefined && ![...urls.values()].some(({ postsMessage }) => postsMessage))
    return {};
  return { limits: { body: USUAL } };
}

function readsBody(clause: Clause): boolean {
  const { kind } = clause;
  return kind === 'body' || kind === 'dkim' || (kind === 'list' && clause.type === 'body');
}
