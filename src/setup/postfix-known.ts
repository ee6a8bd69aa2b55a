import { parseClientSet } from '../config/client-set.js';
import { parseIpAddress } from '../mail/ip-address.js';
import { networkContains, parseNetwork } from '../mail/network.js';
import { listItems } from './postfix-list.js';
import { domainLists, type PostfixSettings } from './postfix-settings.js';

/** What Postfix knows of a site's networks and domains, as far as the filter can take it over. */
export interface KnownSite {
  /** For `trusted`: what is not trusted anyway. */
  readonly networks: readonly string[];
  /** For `local-domains`. */
  readonly domains: readonly string[];
  /** What was left out, and why. */
  readonly notes: readonly string[];
}

/** Reads mynetworks and the lists of domains that mail is received for. */
export function knownSite({ expanded }: PostfixSettings): KnownSite {
  const networks = new Set<string>();
  const domains = new Set<string>();
  const notes: string[] = [];
  const itemsOf = (list: string): readonly string[] =>
    listItems(expanded.get(list) ?? '').map(({ text }) => text);
  for (const item of itemsOf('mynetworks')) {
    const network = parseNetwork(item.replace(/^\[(.*)\]/, '$1'))?.text;
    if (network === undefined) notes.push(leftOut('mynetworks', item));
    else if (!isTrustedAnyway(network)) networks.add(network);
  }
  for (const list of domainLists)
    for (const item of itemsOf(list)) {
      const name = item.toLowerCase();
      if (!/^\.?[\w-]+(?:\.[\w-]+)*$/.test(name)) notes.push(leftOut(list, item));
      // A name of this machine is the sender's domain of nobody elsewhere.
      else if (!/^localhost(?:\.|$)/.test(name)) domains.add(name);
    }
  return { networks: [...networks], domains: [...domains], notes };
}

/** The same as lines of greymilter.yaml; none for what there is nothing of. */
export function siteLines({ networks, domains }: KnownSite): readonly string[] {
  const list = (texts: readonly string[]): string =>
    `[${texts.map((text) => (text.includes(':') ? `'${text}'` : text)).join(', ')}]`;
  return [
    ...(networks.length > 0 ? [`trusted: ${list(['loopback', 'private', ...networks])}`] : []),
    ...(domains.length > 0 ? [`local-domains: ${list(domains)}`] : []),
  ];
}

function leftOut(list: string, item: string): string {
  const what = item.startsWith('!') ? 'is an exception' : 'is a table or a file';
  return `${list} has ${item}, which ${what} and is left out here: see for yourself what is in it`;
}

function isTrustedAnyway(text: string): boolean {
  const network = parseNetwork(text);
  const address = parseIpAddress(text.split('/')[0] ?? '');
  if (network === undefined || address === undefined) return false;
  return ['loopback', 'private'].some((word) => {
    const parsed = parseClientSet(word);
    const wider = 'ok' in parsed ? parsed.ok.networks : [];
    return wider.some(
      (trusted) => trusted.prefix <= network.prefix && networkContains(trusted, address),
    );
  });
}
