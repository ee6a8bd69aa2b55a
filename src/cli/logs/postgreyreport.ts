import type { Readable } from 'node:stream';
import { FatalTriplets, type FatalTriplet } from '../../reports/fatal-triplets.js';
import { SenderChecks } from '../../reports/sender-checks.js';
import { exitCodes } from '../arguments/exit-codes.js';
import { UsageError } from '../arguments/usage-error.js';
import { openLogs, tellOfLines, type LogInput } from './log-input.js';
import type { Output } from '../terminal/output.js';
import { isPoolName, readClientFiles } from './postgreyreport-clients.js';
import type { PostgreyreportArguments } from './postgreyreport-options.js';
import { formatTriplets, type ShownTriplet } from './postgreyreport-text.js';
import { waitingTriplets, withoutPassed } from './postgreyreport-store.js';

/** Where it is said, read, and asked; the system's own but in tests. */
export interface PostgreyreportSurroundings {
  readonly input?: Readable;
  readonly checks?: SenderChecks;
  /** Epoch milliseconds. */
  readonly now?: number;
}

/**
 * `greymilter postgreyreport`: what was put off and never got through, in postgreyreport's columns.
 * `--from-store` has it from what is stored, where nothing is older than `greylist.retry-window`.
 *
 * @throws UsageError, ReportError, and what asking the store throws
 */
export async function postgreyreport(
  args: PostgreyreportArguments,
  output: Output,
  {
    input = process.stdin,
    checks = new SenderChecks(),
    now = Date.now(),
  }: PostgreyreportSurroundings = {},
): Promise<number> {
  tellOfOptions(args, output);
  const isLeftOut = leftOut(args);
  const text = args['greylist-text'] ?? args.return_string ?? 'Greylisted';
  const logs = openLogs({ ...args, 'greylist-text': text }, { output, input, now });
  const isFromStore = args['from-store'] === true;
  const found = isFromStore ? await waitingTriplets(args, now) : await inLogs(logs, output);
  const wanted = found.filter((triplet) => !isLeftOut(triplet));
  const asksStore = !isFromStore && (args.config !== undefined || args.store !== undefined);
  const fatal = asksStore ? await withoutPassed(wanted, args) : wanted;
  output.print(formatTriplets(await checked(fatal, args, checks), args, logs.timeOf));
  return exitCodes.done;
}

async function inLogs(logs: LogInput, output: Output): Promise<readonly FatalTriplet[]> {
  const triplets = new FatalTriplets();
  for await (const decisions of logs.decisions()) {
    for (const decision of decisions) triplets.add(decision);
  }
  tellOfLines(logs.counts, output);
  return triplets.fatal();
}

/** Somebody who gives them expects something of them. @throws UsageError */
function tellOfOptions(
  { user, dbdir, files = [], ...args }: PostgreyreportArguments,
  output: Output,
): void {
  if (args['from-store'] === true && files.length > 0) {
    throw new UsageError(`--from-store reads no log: leave out ${files.join(' ')}`);
  }
  for (const [name, value] of Object.entries({ user, dbdir })) {
    if (value === undefined) continue;
    output.error(
      `note: --${name} has no meaning: no database of Postgrey is opened; see --store and --from-store\n`,
    );
  }
}

function leftOut(args: PostgreyreportArguments): (triplet: FatalTriplet) => boolean {
  const skipped = readClientFiles(args.skip_clients ?? [], 'skip_clients');
  const { match_clients: files = [] } = args;
  const matched = readClientFiles(files, 'match_clients');
  const { delay = Number.POSITIVE_INFINITY } = args;
  if (Number.isNaN(delay)) throw new UsageError('--delay: write a number of seconds');
  return (triplet) =>
    triplet.lastAt - triplet.firstAt >= delay * 1000 ||
    skipped(triplet) ||
    (files.length > 0 && !matched(triplet)) ||
    (args.skip_pool === true && isPoolName(triplet));
}

async function checked(
  triplets: readonly FatalTriplet[],
  { skip_dnsbl: zones = [], check_sender: wanted = '' }: PostgreyreportArguments,
  checks: SenderChecks,
): Promise<readonly ShownTriplet[]> {
  const kinds = wanted.toLowerCase().split(',').filter(Boolean);
  const shown: ShownTriplet[] = [];
  for (const triplet of triplets) {
    if (zones.length > 0 && (await checks.isListed(triplet.address, zones))) continue;
    const check =
      kinds.length === 0 ? '' : await checks.check(triplet.sender, triplet.address, kinds);
    shown.push({ triplet, check });
  }
  return shown;
}
