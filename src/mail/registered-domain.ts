import { createRequire } from 'node:module';
import type { getDomain as GetDomain } from 'tldts';

// It is CommonJS in one large file with all public suffixes: `import` would first search it for the
// names that it exports, which takes three times as long as to load it.
const require = createRequire(import.meta.url);
// Its own typings say so.
const { getDomain } = require('tldts') as { readonly getDomain: typeof GetDomain };

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
