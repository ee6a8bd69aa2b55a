import type { LoadedConfig } from '../config/load.js';
import { formatResolver } from '../config/resolver-address.js';
import type { Logger } from '../telemetry/logger.js';
import type { Clock } from './clock.js';
import { noRules, type RuleSet } from './rule-set.js';

/** Conditions that SPF is asked for; its library takes a tenth of a second to load. */
const spfConditions: ReadonlySet<string> = new Set(['spf', 'sender-authenticated']);

/**
 * The rules of a configuration, with what they need to look things up; what no rule asks is not even
 * loaded.
 *
 * @throws LookupError if a GeoIP database cannot be used
 */
export async function loadRuleSet(
  { config, program }: Pick<LoadedConfig, 'config' | 'program'>,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Promise<RuleSet> {
  const conditions = [...program.rules, ...program.messageRules].flatMap(({ when, unless }) => [
    ...when,
    ...unless,
  ]);
  if (!conditions.some(({ isLookup }) => isLookup)) return { ...noRules, program };
  const { createLookups } = await import('../lookups/create-lookups.js');
  const { resolvers, timeout, geo } = config.lookups;
  const lookups = await createLookups({
    resolvers: resolvers.map(formatResolver),
    timeoutMs: timeout,
    geoFiles: geo,
    usesSpf: conditions.some(({ name }) => spfConditions.has(name)),
    clock,
    logger,
  });
  return { program, lookups };
}
