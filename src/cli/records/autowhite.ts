import {
  idOfTexts,
  type ShownException,
  type SubjectTexts,
} from '../../admin/exception-records.js';
import { MOST_SECONDS } from '../../admin/query.js';
import { parseDuration } from '../../config/duration.js';
import type { Config } from '../../config/schema.js';
import { senderInStore } from '../../daemon/policy/release-life.js';
import { asciiJson } from '../../migrate/ascii-json.js';
import { findSettings, type ConfigArguments } from '../arguments/config-options.js';
import { exitCodes } from '../arguments/exit-codes.js';
import type { Output } from '../terminal/output.js';
import { printable } from '../terminal/printable.js';
import { accessRecords, type RecordsAccess } from './records-access.js';
import { alignedLines } from '../terminal/table.js';
import { UsageError } from '../arguments/usage-error.js';

/** What all of `autowhite` takes. */
export type AutowhiteArguments = Pick<ConfigArguments, 'config' | 'store' | 'set'> & {
  readonly json?: boolean | undefined;
};

/** Whom an exception is for. */
export type ExceptionArguments = AutowhiteArguments & {
  readonly client?: string | undefined;
  readonly from?: string | undefined;
  readonly spf?: boolean | undefined;
};

/** `greymilter autowhite add`: mail of a client does not wait. @throws UsageError, ConfigError, StoreError, AdminError */
export async function addAutowhite(
  args: ExceptionArguments & { readonly for?: string | undefined },
  output: Output,
): Promise<number> {
  const { json } = args;
  const length = args.for === undefined ? undefined : parseDuration(args.for);
  if (length !== undefined && !('ok' in length)) {
    throw new UsageError(
      `--for ${args.for ?? ''} ${length.problem}: ${length.hint ?? 'write 36d'}`,
    );
  }
  if (length !== undefined && length.ok > MOST_SECONDS * 1000) {
    throw new UsageError(`--for ${args.for ?? ''} is longer than ${MOST_SECONDS / 86_400} days`);
  }
  return await withAccess(args, 'create', async (access, config) => {
    const forMs = length?.ok ?? config.greylist.autowhite;
    const added = await access.addException({ ...subjectOf(config, args), forMs });
    output.print(json === true ? asJson(added) : `Does not wait from now on:\n${tableOf([added])}`);
    return exitCodes.done;
  });
}

/** `greymilter autowhite remove`. @returns 1 if there is no such exception */
export async function removeAutowhite(args: ExceptionArguments, output: Output): Promise<number> {
  return await withAccess(args, 'write', async (access, config) => {
    const isRemoved = await access.removeException(idOfTexts(subjectOf(config, args)));
    const text = isRemoved ? 'The exception is gone' : 'There is no such exception';
    output.print(args.json === true ? asJson({ removed: isRemoved }) : `${text}\n`);
    return isRemoved ? exitCodes.done : exitCodes.no;
  });
}

/** `greymilter autowhite list`. */
export async function listAutowhite(args: AutowhiteArguments, output: Output): Promise<number> {
  return await withAccess(args, 'read', async (access) => {
    const exceptions = await access.exceptions();
    if (args.json === true) for (const each of exceptions) output.print(asJson(each));
    else output.print(exceptions.length === 0 ? 'There are no exceptions\n' : tableOf(exceptions));
    return exitCodes.done;
  });
}

async function withAccess(
  args: AutowhiteArguments,
  purpose: Parameters<typeof accessRecords>[1],
  run: (access: RecordsAccess, config: Config) => Promise<number>,
): Promise<number> {
  const config = await findSettings(args);
  const access = await accessRecords(config, purpose);
  try {
    return await run(access, config);
  } finally {
    await access.close();
  }
}

/** By a client or by SPF, never by a sender alone. */
function subjectOf(config: Config, { client, from, spf }: ExceptionArguments): SubjectTexts {
  const isBySpf = spf === true;
  if (isBySpf === (client !== undefined)) {
    throw new UsageError(
      'name a client, or give --spf with --from: an exception is by one of them',
    );
  }
  if (isBySpf && (from ?? '<>') === '<>') {
    throw new UsageError('--spf is for a sender: write --from a@b.example or --from @b.example');
  }
  return { client, isBySpf, sender: senderOf(config, from) };
}

/** A whole address as the store spells it; a domain or the null sender as it is. */
function senderOf(config: Config, from: string | undefined): string | undefined {
  if (from === undefined || from === '<>' || /^@[^@\s]+$/.test(from)) return from;
  if (/^[^@\s][^\s]*@[^@\s]+$/.test(from)) return senderInStore(config, from);
  throw new UsageError(`--from ${from}: write a@b.example, @b.example, or <>`);
}

function tableOf(exceptions: readonly ShownException[]): string {
  const rows = exceptions.map(({ client = 'by SPF', sender = 'all', addedAt, expiresAt }) => {
    const times = [addedAt, expiresAt].map((time) => time.replace(/\.\d+Z$/, 'Z'));
    return [client, sender, ...times].map(printable);
  });
  return `${alignedLines([['client', 'sender', 'added', 'until'], ...rows]).join('\n')}\n`;
}

function asJson(value: object): string {
  return `${asciiJson(value)}\n`;
}
