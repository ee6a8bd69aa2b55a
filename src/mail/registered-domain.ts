import { getDomain } from 'tldts';

/**
 * Where providers name the machines of their customers, and the public suffix list does not say so.
 * As of November 2026; what is missing here can do no more than let a retry from a neighbour pass.
 */
const SHARED_DOMAINS: readonly string[] = [
  'cloudapp.azure.com',
  'contaboserver.net',
  'googleusercontent.com',
  'vps.ovh.net',
  'vultrusercontent.com',
  'web-hosting.com',
  'your-server.de',
];

const options = {
  // Where a provider lets its customers have names, each of them is a domain of its own.
  allowPrivateDomains: true,
  extractHostname: false,
  detectIp: false,
  mixedInputs: false,
};

/**
 * The domain that somebody has registered, in a host name or as one: `example.co.uk` of
 * `mx.example.co.uk`.
 *
 * @param name in lower case
 * @returns undefined for what is open to all, such as `co.uk` and `eu-west-1.compute.amazonaws.com`,
 *   and for names that a provider gives its customers' machines
 */
export function registeredDomain(name: string): string | undefined {
  const isShared = SHARED_DOMAINS.some((domain) => name === domain || name.endsWith(`.${domain}`));
  return isShared ? undefined : (getDomain(name, options) ?? undefined);
}
