import type { Mapping } from './placed.js';
import type { Flag } from './syntax.js';

/** What a word that stands for itself comes to; most are looked at where they matter instead. */
export function translateFlag(flag: Flag): Mapping {
  switch (flag) {
    case 'lazyaw':
      return { greylist: { 'lazy-autowhite': true } };
    case 'quiet':
      return { greylist: { reply: { text: 'Greylisting in action, please come back later' } } };
    case 'verbose':
      return { log: { level: 'debug' } };
    default:
      return {};
  }
}

/** What changes nothing here, and why. */
export const MEANINGLESS: Readonly<Partial<Record<Flag, string>>> = {
  multiracl: 'every recipient is judged by itself here anyway',
  nodrac: 'nobody is asked anyway',
  logexpired: 'what has expired is not logged one by one',
  dump_no_time_translation: 'nothing is dumped here: `greymilter export` writes what is known',
};
