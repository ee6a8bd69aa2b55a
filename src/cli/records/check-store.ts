import { asciiJson } from '../../migrate/ascii-json.js';
import type { StoreCheck } from '../../store/check-level-store.js';
import { findSettings, type ConfigArguments } from '../arguments/config-options.js';
import { exitCodes } from '../arguments/exit-codes.js';
import { countOf } from '../terminal/count-of.js';
import type { Output } from '../terminal/output.js';
import { sizeOf } from '../terminal/size-of.js';
import { localStorePath } from './local-store.js';

/** What `check-store` takes. */
export type CheckStoreArguments = Pick<ConfigArguments, 'config' | 'store' | 'set'> & {
  readonly json?: boolean | undefined;
};

/**
 * `greymilter check-store`: compares the store's files with their checksums, also while the filter
 * runs. Nothing is changed.
 *
 * @returns 1 if something is damaged
 * @throws ConfigError, StoreError
 */
export async function checkStore(args: CheckStoreArguments, output: Output): Promise<number> {
  const config = await findSettings(args);
  const path = localStorePath(config, 'check-store');
  const { checkLevelStore } = await import('../../store/check-level-store.js');
  const check = await checkLevelStore(path);
  const isSound = check.bad.length === 0;
  const told = { store: path, kind: isSound ? 'sound' : 'damaged', ...check };
  output.print(args.json === true ? `${asciiJson(told)}\n` : formatCheck(path, check));
  return isSound ? exitCodes.done : exitCodes.no;
}

function formatCheck(path: string, { tables, bytes, bad }: StoreCheck): string {
  const size = `${countOf(tables, 'table')}, ${sizeOf(bytes)}`;
  if (bad.length === 0) return `The store ${path} is as it was written: ${size}\n`;
  const lines = bad.map(({ name, found }) => `  ${name}: ${found}`);
  const advice =
    'Stop the filter and run "greymilter repair", which leaves out what is damaged and keeps the rest.';
  return [`The store ${path} is damaged (${size}):`, ...lines, advice, ''].join('\n');
}
