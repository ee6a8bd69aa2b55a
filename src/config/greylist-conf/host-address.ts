import { execFileSync } from 'node:child_process';
import { isIP } from 'node:net';

/** A name server that is down keeps the start, or a first reload, for no longer. */
const patienceMs = 10_000;

/** What a name was found to be stays so, as with libmilter, which asks once: a reload never waits. */
const found = new Map<string, string>();

/**
 * The first address that the system has for a host name, in /etc/hosts, DNS, or wherever it looks.
 *
 * @returns undefined if there is none, or the system cannot be asked
 */
export function addressOfHost(name: string, family: 4 | 6): string | undefined {
  const key = `${family} ${name}`;
  const address = found.get(key) ?? askSystem(name, family);
  if (address !== undefined) found.set(key, address);
  return address;
}

// Node.js asks the system only later, and a configuration is read at once; getent asks it now.
function askSystem(name: string, family: 4 | 6): string | undefined {
  try {
    const lines = execFileSync('getent', [`ahostsv${family}`, '--', name], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: patienceMs,
    });
    const [address = ''] = lines.trim().split(/\s+/);
    return isIP(address) === family && !address.startsWith('::ffff:') ? address : undefined;
  } catch {
    // Unknown, or no getent: whoever asked says that there is no address.
    return undefined;
  }
}
