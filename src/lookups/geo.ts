import { readFile } from 'node:fs/promises';
import { Reader, type AsnResponse, type CountryResponse } from 'maxmind';
import { fileProblem } from '../mail/file-problem.js';
import type { IpAddress } from '../mail/ip-address.js';
import type { Answer, GeoFinding } from '../rules/lookups.js';
import { LookupError } from './lookup-error.js';

/** Tells where addresses are. */
export interface GeoDatabases {
  find(client: IpAddress): Answer<GeoFinding>;
}

/** What databases of countries, cities and autonomous systems have in common. */
type GeoReader = Reader<CountryResponse & AsnResponse>;

interface GeoFile {
  readonly path: string;
  readonly reader: GeoReader;
}

/**
 * Reads MaxMind database files (`.mmdb`) whole into memory, so that whoever replaces one disturbs
 * nothing; the next reload takes the new one. What one file does not tell, the next may.
 *
 * @throws LookupError with code GEO_UNREADABLE or GEO_INVALID
 */
export async function openGeoDatabases(paths: readonly string[]): Promise<GeoDatabases> {
  const files: GeoFile[] = [];
  for (const path of paths) files.push({ path, reader: openReader(path, await readGeoFile(path)) });
  return { find: (client) => findIn(files, client) };
}

function findIn(files: readonly GeoFile[], client: IpAddress): Answer<GeoFinding> {
  let found: GeoFinding = { country: undefined, asn: undefined, organisation: undefined };
  for (const { path, reader } of files) {
    try {
      const entry = reader.get(client.text);
      if (entry !== null) found = merge(found, entry);
    } catch (error) {
      return { known: false, problem: `${path} is damaged: ${String(error)}` };
    }
  }
  return { known: true, value: found };
}

function merge(found: GeoFinding, entry: Partial<CountryResponse & AsnResponse>): GeoFinding {
  // Satellite links and their like have only a country that they are registered in.
  const country = entry.country?.iso_code ?? entry.registered_country?.iso_code;
  return {
    country: found.country ?? country?.toUpperCase(),
    asn: found.asn ?? entry.autonomous_system_number,
    organisation: found.organisation ?? entry.autonomous_system_organization,
  };
}

async function readGeoFile(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const reason = fileProblem(cause, 'read');
    const message = `cannot read the GeoIP database ${path}: ${reason}`;
    throw new LookupError('GEO_UNREADABLE', message, { cause });
  }
}

function openReader(path: string, content: Buffer): GeoReader {
  try {
    const reader: GeoReader = new Reader(content);
    const { nodeCount, searchTreeSize } = reader.metadata;
    if (!(nodeCount > 0) || searchTreeSize >= content.length) throw new Error('it is cut off');
    for (const address of PROBES) reader.get(address);
    return reader;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message =
      `${path} is no MaxMind database, or damaged: ${reason}; ` +
      'a file with the ending .mmdb is wanted, unpacked';
    throw new LookupError('GEO_INVALID', message, { cause });
  }
}

/** Looked up at load, since much of a damaged file shows only then. */
const PROBES = ['0.0.0.0', '8.8.8.8', '192.0.2.1', '255.255.255.255', '2001:db8::1', 'ffff::'];
