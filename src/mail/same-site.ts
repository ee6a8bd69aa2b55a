import { isGenericName } from './generic-name.js';
import type { IpAddress } from './ip-address.js';
import { registeredDomain } from './registered-domain.js';

/** A host with a name that DNS confirms in both directions. */
export interface NamedHost {
  readonly address: IpAddress;
  /** In lower case. */
  readonly name: string | undefined;
}

/**
 * Whether the confirmed names of two hosts show that the same people run both: they agree after the
 * first label, in no less than a registered domain, and neither looks as if it was generated from
 * an address or handed out with one. One name for both will do as well.
 */
export function areOfOneSite(one: NamedHost, other: NamedHost): boolean {
  if (one.name === undefined || other.name === undefined) return false;
  const shared = one.name === other.name ? one.name : afterFirstLabel(one.name);
  if (one.name !== other.name && shared !== afterFirstLabel(other.name)) return false;
  if (isGenericName(one.name, one.address) || isGenericName(other.name, other.address))
    return false;
  return registeredDomain(shared) !== undefined;
}

/** Empty if there is just one label. */
function afterFirstLabel(name: string): string {
  const dotAt = name.indexOf('.');
  return dotAt === -1 ? '' : name.slice(dotAt + 1);
}
