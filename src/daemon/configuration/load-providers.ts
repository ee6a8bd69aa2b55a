import type { Config } from '../../config/schema.js';
import { formatResolver } from '../../config/resolver-address.js';
import { providers } from '../../lookups/provider-list.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Clock } from '../process/clock.js';
import { noProviders, ProviderWatch } from './provider-watch.js';
import type { RuleSet } from './rule-set.js';

/** Nobody waits for an answer, so a slow name server may take its time. */
const TIMEOUT_MS = 5000;

/**
 * The large senders of a configuration, of whom nothing is asked yet.
 *
 * @param before those of the configuration that is replaced, which go on if they are the same
 */
export function loadProviders(
  { greylist, lookups: { resolvers } }: Config,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
  before: RuleSet,
): Pick<RuleSet, 'providers' | 'providersKey'> {
  if (greylist.providers === 'greylist') return { providers: noProviders };
  const servers = resolvers.map(formatResolver);
  const providersKey = JSON.stringify(servers);
  if (providersKey === before.providersKey) return { providers: before.providers, providersKey };
  const loadCollector = async () => {
    const { createNetworkCollector } = await import('../../lookups/provider-networks.js');
    return createNetworkCollector({ servers, timeoutMs: TIMEOUT_MS, clock });
  };
  const watch = new ProviderWatch({ providers, loadCollector, clock, logger });
  return { providers: watch, providersKey };
}
