import { readFileSync } from 'node:fs';
import { fileProblem } from '../../mail/file-problem.js';
import type { FatalTriplet } from '../../reports/fatal-triplets.js';
import { UsageError } from '../arguments/usage-error.js';

/** Whether a triplet's client is in a list. */
export type ClientList = (triplet: Pick<FatalTriplet, 'address' | 'name'>) => boolean;

/**
 * Reads postgreyreport's files of clients: in each line a regular expression or the end of a name, or an
 * IPv4 address or its beginning. An IPv6 address, which it does not know, is one as well.
 *
 * @param files their paths
 * @param option what they were given by, for messages
 * @throws UsageError
 */
export function readClientFiles(files: readonly string[], option: string): ClientList {
  const names: RegExp[] = [];
  const addresses: string[] = [];
  for (const file of files) {
    for (const entry of entriesOf(file, option)) {
      const pattern = /^\/(\S+)\/$/.exec(entry)?.[1];
      if (pattern !== undefined) names.push(regExp(pattern, `--${option} ${file}: ${entry}`));
      else if (/^\d{1,3}(?:\.\d{1,3}){0,3}$/.test(entry) || entry.includes(':')) {
        addresses.push(entry.toLowerCase());
      } else names.push(new RegExp(`${entry.replace(/[^\w\s]/g, '\\$&')}$`, 'i'));
    }
  }
  return ({ address, name }) =>
    addresses.some((start) => address.text.startsWith(start)) ||
    names.some((pattern) => pattern.test(name));
}

function entriesOf(file: string, option: string): readonly string[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  } catch (error) {
    throw new UsageError(`--${option}: cannot read ${file}: ${fileProblem(error, 'read')}`);
  }
}

function regExp(text: string, where: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    throw new UsageError(`${where} is no regular expression: ${reason}`);
  }
}

/** A provider's name for one address of many: it has the last two octets. */
export function isPoolName({ address, name }: Pick<FatalTriplet, 'address' | 'name'>): boolean {
  if (address.family !== 4) return false;
  return [...address.bytes.subarray(2)].every((octet) => name.includes(String(octet)));
}
