import type { LoadedConfig } from '../../config/load.js';
import { formatResolver } from '../../config/resolver-address.js';
import type { LookupOptions } from '../../lookups/create-lookups.js';
import type { LdapServers } from '../../lookups/ldap-lookups.js';
import { readPasswordFile } from '../../lookups/password-file.js';
import type { Condition } from '../../rules/condition.js';
import { conditionsIn } from '../../rules/rule-conditions.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Clock } from '../process/clock.js';
import { loadProviders } from './load-providers.js';
import { expectsReplies } from '../policy/policy.js';
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
  const conditions = [...program.rules, ...program.messageRules].flatMap(conditionsIn);
  const more = { program, ...loadProviders(config, { clock, logger }, before) };
  const asks =
    conditions.some(({ isLookup }) => isLookup) ||
    config.lookups.unbracket ||
    asksWhileGreylisting(config) ||
    expectsReplies(config);
  if (!asks) return { ...noRules, ...more };
  const options = await lookupOptions(config, conditions);
  const lookupKey = JSON.stringify(options);
  // A database file may have been replaced by one of the same name.
  const isSame = lookupKey === before.lookupKey && options.geoFiles.length === 0;
  if (isSame) {
    const { lookups, lookupCounters } = before;
    return { lookups, lookupCounters, lookupKey, ...more };
  }
  const { createLookups } = await import('../../lookups/create-lookups.js');
  const lookups = await createLookups({ ...options, clock, logger });
  return { lookups, lookupCounters: lookups.counters, lookupKey, ...more };
}

/** Only of a client that is new to a pair that is known; SPF's library is loaded when it comes to that. */
function asksWhileGreylisting({ greylist }: LoadedConfig['config']): boolean {
  return greylist.identity.includes('spf') || greylist.patience !== null;
}

async function lookupOptions(
  config: LoadedConfig['config'],
  conditions: readonly Pick<Condition, 'name'>[],
): Promise<Omit<LookupOptions, 'clock' | 'logger'>> {
  const { resolvers, timeout, geo, urls } = config.lookups;
  const asks = (kind: string): boolean => conditions.some(({ name }) => name === kind);
  return {
    resolvers: resolvers.map(formatResolver),
    timeoutMs: timeout,
    geoFiles: geo,
    usesSpf: expectsReplies(config) || conditions.some(({ name }) => spfConditions.has(name)),
    ...(asks('url') && {
      urls: Object.fromEntries(
        Object.entries(urls).map(([name, url]) => [
          name,
          { timeoutMs: url.timeout, connections: url.connections },
        ]),
      ),
    }),
    ldap: asks('ldap') ? await ldapServers(config) : undefined,
  };
}

/** @throws LookupError if the file with the password cannot be read */
async function ldapServers({ lookups }: LoadedConfig['config']): Promise<LdapServers> {
  const { servers, timeout: timeoutMs, connections, bind } = lookups.ldap;
  if (bind === undefined) return { servers, timeoutMs, connections, bind };
  const { dn } = bind;
  const file = bind['password-file'];
  const password = file === undefined ? (bind.password ?? '') : await readPasswordFile(file);
  return { servers, timeoutMs, connections, bind: { dn, password } };
}
