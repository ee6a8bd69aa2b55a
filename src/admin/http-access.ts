import { isIP } from 'node:net';
import type { Token } from './tokens.js';

/** What was read, or what is wrong with it. */
export type Parsed<T> = { readonly ok: T } | { readonly problem: string };

/** Who may do what over TCP. */
export interface HttpAccess {
  readonly tokens: readonly Token[];
  /** Names by which the filter may be called, in lower case. */
  readonly hosts: readonly string[];
  /** Whether anything may be changed. */
  readonly write: boolean;
}

/**
 * Whether a `Host` is one of ours. A page of somebody else whose name suddenly has our address (DNS
 * rebinding) is called by that name; by an address nobody can be misled.
 */
export function isOurHost(host: string | undefined, hosts: readonly string[]): boolean {
  const [, name = ''] = /^(\[[^\]]*\]|[^:]*)(?::\d{1,5})?$/.exec(host ?? '') ?? [];
  const bare = name.replace(/^\[(.*)\]$/, '$1');
  return isIP(bare) !== 0 || hosts.includes(name.toLowerCase().replace(/\.$/, ''));
}
