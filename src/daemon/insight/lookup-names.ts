import type { LookupKind } from '../../lookups/lookup-counters.js';

/** What each kind is called in metrics and on the page; one that is new cannot be left out. */
const names: Readonly<Record<LookupKind, string>> = {
  dnsList: 'dns-list',
  spf: 'spf',
  mailExchangers: 'mail-exchangers',
  clientName: 'client-name',
  geo: 'geo',
  url: 'url',
  ldap: 'ldap',
  dkim: 'dkim',
};

/** The same, by any text. */
export const lookupNames: ReadonlyMap<string, string> = new Map(Object.entries(names));
