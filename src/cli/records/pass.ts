import { idOfKey } from '../../admin/records.js';
import type { ReleaseTexts } from '../../admin/release-records.js';
import type { Config } from '../../config/schema.js';
import { keyOfTriplet } from '../../daemon/answers/foreign-terms.js';
import { asciiJson } from '../../migrate/ascii-json.js';
import { findSettings, type ConfigArguments } from '../arguments/config-options.js';
import { isConfirmed } from '../terminal/confirm.js';
import { countOf } from '../terminal/count-of.js';
import { exitCodes } from '../arguments/exit-codes.js';
import type { Output } from '../terminal/output.js';
import { accessRecords, type RecordsAccess } from './records-access.js';
import { UsageError } from '../arguments/usage-error.js';

/** What `pass` takes. */
export type PassArguments = Pick<ConfigArguments, 'config' | 'store' | 'set'> & {
  readonly client?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** The same in their order, without options. */
  readonly address?: string | undefined;
  readonly sender?: string | undefined;
  readonly recipient?: string | undefined;
  readonly 'dry-run'?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly json?: boolean | undefined;
};

/**
 * `greymilter pass`: lets through now what waits: one triplet, or all of a client, sender or
 * recipient.
 *
 * @returns 1 if nothing waits, or somebody has thought better of it
 * @throws UsageError, ConfigError, StoreError, AdminError
 */
export async function pass(args: PassArguments, output: Output): Promise<number> {
  const { yes, json } = args;
  const isDry = args['dry-run'] === true;
  const parties = partiesOf(args);
  const config = await findSettings(args);
  const access = await accessRecords(config, isDry ? 'read' : 'write');
  const run = releaseBy(access, config, parties);
  const tell = (found: number, passed: number, text: string): void =>
    output.print(`${json === true ? asciiJson({ found, passed }) : text}\n`);
  try {
    const found = await run(true);
    if (found === 0) {
      tell(0, 0, 'Nothing of that waits');
      return exitCodes.no;
    }
    const what = countOf(found, 'waiting triplet');
    if (isDry) {
      tell(found, 0, `${what} would pass`);
      return exitCodes.done;
    }
    if (yes !== true && !(await isConfirmed(`Let ${what} pass`))) {
      tell(found, 0, 'Nothing was changed');
      return exitCodes.no;
    }
    const passed = await run(false);
    tell(found, passed, `${countOf(passed, 'triplet')} will pass from now on`);
    return exitCodes.done;
  } finally {
    await access.close();
  }
}

/** Whose mail is meant. */
interface Parties {
  readonly client: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

function partiesOf(args: PassArguments): Parties {
  const once = (option: string, one: string | undefined, other: string | undefined) => {
    if (one === undefined || other === undefined) return one ?? other;
    throw new UsageError(`${other} and --${option} ${one}: which is meant?`);
  };
  const client = once('client', args.client, args.address);
  const from = once('from', args.from, args.sender);
  const to = once('to', args.to, args.recipient);
  if ((client ?? from ?? to) !== undefined) return { client, from, to };
  throw new UsageError("whose mail? Say a client's address, --from, --to, or all three");
}

/** Lets through what is meant, or only counts it. */
function releaseBy(
  access: RecordsAccess,
  config: Config,
  parties: Parties,
): (isDry: boolean) => Promise<number> {
  const { client, from, to } = parties;
  const id = idOfTriplet(config, parties);
  if (id !== undefined) return (isDry) => access.passRecord(id, client, isDry);
  const texts: ReleaseTexts = { client, sender: from, recipient: to };
  return async (isDry) => {
    let triplets = 0;
    let cursor: string | undefined;
    do {
      const page = await access.pass({ texts, cursor, isDry });
      triplets += page.triplets;
      cursor = page.next;
    } while (cursor !== undefined);
    return triplets;
  };
}

/** A whole triplet is found under its key, in whatever spelling the addresses are; undefined if it is none. */
function idOfTriplet(config: Config, { client, from, to }: Parties): string | undefined {
  if (client === undefined || from === undefined || to === undefined) return undefined;
  const isPart = [from, to].some((text) => text.startsWith('@') || text.endsWith('@'));
  if (isPart) return undefined;
  const key = keyOfTriplet(config, { client, from, to });
  return key === undefined ? undefined : idOfKey(key);
}
