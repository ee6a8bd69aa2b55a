import type { Config } from '../../config/schema.js';

/** What a line about a configuration says of its mode: nothing in `enforce`, as in decisions. */
export function modeField({ greylist: { mode } }: Config): { readonly mode?: string } {
  return mode === 'enforce' ? {} : { mode };
}
