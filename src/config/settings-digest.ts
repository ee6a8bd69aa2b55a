import { createHash } from 'node:crypto';
import { valueAt } from './origins.js';
import { encodeConfig, type Config } from './schema.js';

/** The sections by which a mail is judged; the others say where, and what is told of it. */
const JUDGING = [
  'greylist',
  'trusted',
  'exempt',
  'local-domains',
  'lists',
  'rules',
  'message-rules',
  'refusal',
  'lookups',
] as const satisfies readonly (keyof Config)[];

const DIGITS = 16;

/** The page asks each second, and a configuration does not change: a reload brings another one. */
const known = new WeakMap<Config, string>();

/**
 * What tells whether two configurations judge mail by the same settings, as far as they are written: what stands in
 * list files does not count.
 */
export function settingsDigest(config: Config): string {
  const digest = known.get(config) ?? digestOf(config);
  known.set(config, digest);
  return digest;
}

function digestOf(config: Config): string {
  const written = encodeConfig(config);
  const judging = JUDGING.map((section) => valueAt(written, [section]));
  return createHash('sha256').update(JSON.stringify(judging)).digest('hex').slice(0, DIGITS);
}
