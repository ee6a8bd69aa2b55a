import type { RecordFilterTexts } from '../../admin/record-filter.js';
import { asciiJson } from '../../migrate/ascii-json.js';
import { findSettings, type ConfigArguments } from '../arguments/config-options.js';
import { isConfirmed } from '../terminal/confirm.js';
import { countOf } from '../terminal/count-of.js';
import { exitCodes } from '../arguments/exit-codes.js';
import { filterOf, pagesOf, type FilterArguments } from './list.js';
import type { Output } from '../terminal/output.js';
import { accessRecords, type RecordsAccess } from './records-access.js';
import { UsageError } from '../arguments/usage-error.js';

/** What `forget` takes. */
export type ForgetArguments = Pick<ConfigArguments, 'config' | 'store' | 'set'> &
  FilterArguments & {
    readonly 'dry-run'?: boolean | undefined;
    readonly yes?: boolean | undefined;
    readonly json?: boolean | undefined;
  };

/**
 * `greymilter forget`: deletes the records that are meant, after saying how many they are.
 *
 * @returns 1 if there are none, or somebody has thought better of it
 * @throws UsageError, ConfigError, StoreError, AdminError
 */
export async function forget(args: ForgetArguments, output: Output): Promise<number> {
  const filter = filterOf(args);
  if (Object.values(filter).every((text) => text === undefined)) {
    throw new UsageError('forget whom? Say --client, --from, --to, --kind, --state or an age');
  }
  const config = await findSettings(args);
  const access = await accessRecords(config, args['dry-run'] === true ? 'read' : 'write');
  const tell = (forgotten: number, found: number): void => {
    const text =
      args['dry-run'] === true
        ? `${countOf(found, 'record')} would be forgotten`
        : `${forgotten} of ${countOf(found, 'record')} forgotten`;
    output.print(`${args.json === true ? asciiJson({ found, forgotten }) : text}\n`);
  };
  try {
    const ids: string[] = [];
    for await (const records of pagesOf(access, filter, Infinity)) {
      ids.push(...records.map(({ id }) => id));
    }
    const isMeant = args['dry-run'] !== true && ids.length > 0;
    const question = `Forget ${countOf(ids.length, 'record')}`;
    if (!isMeant || !(args.yes === true || (await isConfirmed(question)))) {
      tell(0, ids.length);
      return args['dry-run'] === true && ids.length > 0 ? exitCodes.done : exitCodes.no;
    }
    tell(await forgetAll(access, ids, filter), ids.length);
    return exitCodes.done;
  } finally {
    await access.close();
  }
}

/** @param filter what has changed since it was found, so that it is none of these any more, stays */
async function forgetAll(
  access: RecordsAccess,
  ids: readonly string[],
  filter: RecordFilterTexts,
): Promise<number> {
  let forgotten = 0;
  for (const id of ids) if (await access.forget(id, filter)) forgotten += 1;
  return forgotten;
}
