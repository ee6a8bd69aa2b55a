import type { LookupCounters } from '../../lookups/lookup-counters.js';
import type { LookupSource } from '../../rules/lookups.js';
import { noProgram, type Program } from '../../rules/rule.js';
import { noProviders, type ProviderSource } from './provider-watch.js';

/** The rules of one configuration, with what they may ask outside. */
export interface RuleSet {
  readonly program: Program;
  readonly lookups: LookupSource;
  /** What the lookups have counted; absent where there are none. */
  readonly lookupCounters?: LookupCounters | undefined;
  /** What the lookups were made from; a reload that changes none of it keeps them, and what they know. */
  readonly lookupKey?: string;
  /** The large senders that are exempt. */
  readonly providers: ProviderSource;
  /** The same for them. */
  readonly providersKey?: string;
}

const unasked = { known: false, problem: 'no lookups are set up' } as const;

/** No rules, and so nothing to look up. */
export const noRules: RuleSet = {
  program: noProgram,
  providers: noProviders,
  lookups: {
    forRecipient: () => ({
      dnsList: () => unasked,
      spf: () => unasked,
      mailExchangers: () => unasked,
      clientName: () => unasked,
      geo: () => unasked,
      url: () => unasked,
      ldap: () => unasked,
      dkim: () => unasked,
    }),
  },
};
