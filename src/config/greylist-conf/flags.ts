import type { Mapping } from './placed.js';
import type { Flag } from './syntax.js';

/** What words that stand for themselves come to; the others are looked at where they matter. */
const SETTINGS: Readonly<Partial<Record<Flag, Mapping>>> = {
  lazyaw: { greylist: { 'lazy-autowhite': true } },
  quiet: { greylist: { reply: { text: 'Greylisting in action, please come back later' } } },
  unbracket: { lookups: { unbracket: true } },
  logexpired: { log: { expired: true } },
  verbose: { log: { level: 'debug' } },
};

/** What a flag comes to. */
export function translateFlag(flag: Flag): Mapping {
  return SETTINGS[flag] ?? {};
}

/** What changes nothing here, and why. */
export const MEANINGLESS: Readonly<Partial<Record<Flag, string>>> = {
  multiracl: 'every recipient is judged by itself here anyway',
  nodrac: 'nobody is asked anyway',
  dump_no_time_translation: 'nothing is dumped here: `greymilter export` writes what is known',
};
