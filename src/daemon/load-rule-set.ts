import type { LoadedConfig } from '../config/load.js';
import { formatResolver } from '../config/resolver-address.js';
import type { LookupOptions } from '../lookups/create-lookups.js';
import type { Condition } from '../rules/condition.js';
import type { Logger } from '../telemetry/logger.js';
import type { Clock } from './clock.js';
import { loadProviders } from './load-providers.js';
import { expectsReplies } from './policy.js';
import { noRules, type RuleSet } from './rule-set.js';

/** Conditions that SPF is asked for; its library takes a tenth of a second to load. */
const spfConditions: ReadonlySet<string> = new Set(['spf', 'sender-authenticated']);

/**
 * The rules of a configuration, with what they and greylisting need to look things up; what nobody
 * asks is not even loaded.
 *
 * @param before those of the configuration that is replaced
 * @throws LookupError if a GeoIP database cannot be used
 */
export async function loadRuleSet(
  { config, program }: Pick<LoadedConfig, 'config' | 'program'>,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
  before: RuleSet = noRules,
): Promise<RuleSet> {
  const conditions = [...program.rules, ...program.messageRules].flatMap(({ when, unless }) => [
    ...when,
    ...unless,
  ]);
  const more = { program, ...loadProviders(config, { clock, logger }, before) };
  const asks =
    conditions.some(({ isLookup }) => isLookup) ||
    asksWhileGreylisting(config) ||
    expectsReplies(config);
  if (!asks) return { ...noRules, ...more };
  const options = lookupOptions(config, conditions);
  const lookupKey = JSON.stringify(options);
  // A database file may have been replaced by one of the same name.
  const isSame = lookupKey === before.lookupKey && options.geoFiles.length === 0;
  if (isSame) {
    const { lookups, lookupCounters } = before;
    return { lookups, lookupCounters, lookupKey, ...more };
  }
  const { createLookups } = await import('../lookups/create-lookups.js');
  const lookups = await createLookups({ ...options, clock, logger });
  return { lookups, lookupCounters: lookups.counters, lookupKey, ...more };
}

/** Only of a client that is new to a pair that is known; SPF's library is loaded when it comes to that. */
function asksWhileGreylisting({ greylist }: LoadedConfig['config']): boolean {
  return greylist.identity.includes('spf') || greylist.patience !== null;
}

function lookupOptions(
  config: LoadedConfig['config'],
  conditions: readonly Pick<Condition, 'name'>[],
): Pick<LookupOptions, 'resolvers' | 'timeoutMs' | 'geoFiles' | 'usesSpf'> {
  const { resolvers, timeout, geo } = config.lookups;
  return {
    resolvers: resolvers.map(formatResolver),
    timeoutMs: timeout,
    geoFiles: geo,
    usesSpf: expectsReplies(config) || conditions.some(({ name }) => spfConditions.has(name)),
  };
}
