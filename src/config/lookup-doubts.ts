import { conditionsIn } from '../rules/rule-conditions.js';
import type { Program, Rule } from '../rules/rule.js';
import type { CrossIssue } from './cross-checks.js';
import type { Config } from './schema.js';
import type { Path } from './settings.js';

/** Rules that ask where a client is although no database is there to say so. */
export function findLookupDoubts({ lookups }: Config, program: Program): readonly CrossIssue[] {
  if (lookups.geo.length > 0) return [];
  return [
    ...program.rules.flatMap((rule, index) => unplaced(rule, ['rules', index])),
    ...program.messageRules.flatMap((rule, index) => unplaced(rule, ['message-rules', index])),
  ];
}

function unplaced(rule: Rule, path: Path): readonly CrossIssue[] {
  if (!conditionsIn(rule).some(({ name }) => name === 'geo')) return [];
  const problem = 'asks for geo, which is never known without a database';
  return [{ paths: [path], problem, hint: 'name one by lookups.geo' }];
}
