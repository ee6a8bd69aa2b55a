import type { Readable } from 'node:stream';
import { FatalTriplets, type FatalTriplet } from '../../reports/fatal-triplets.js';
import { SenderChecks } from '../../reports/sender-checks.js';
import { exitCodes } from '../arguments/exit-codes.js';
import { openLogs, tellOfLines } from './log-input.js';
import type { Output } from '../terminal/output.js';
import { isPoolName, readClientFiles } from './postgreyreport-clients.js';
import type { PostgreyreportArguments } from './postgreyreport-options.js';
import { formatTriplets, type ShownTriplet } from './postgreyreport-text.js';
import { withoutPassed } from './postgreyreport-store.js';

/** Where it is said, read, and asked; the system's own but in tests. */
export interface PostgreyreportSurroundings {
  readonly input?: Readable;
  readonly checks?: SenderChecks;
  /** Epoch milliseconds. */
  readonly now?: number;
}

/**
 * `greymilter postgreyreport`: what was put off and never got through, in postgreyreport's columns.
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
  const isLeftOut = leftOut(args);
  const text = args['greylist-text'] ?? args.return_string ?? 'Greylisted';
  const logs = openLogs({ ...args, 'greylist-text': text }, { output, input, now });
  const triplets = new FatalTriplets();
  for await (const decisions of logs.decisions()) {
    for (const decision of decisions) triplets.add(decision);
  }
  tellOfLines(logs.counts, output);
  const inLog = triplets.fatal().filter((triplet) => !isLeftOut(triplet));
  const asksStore = args.config !== undefined || args.store !== undefined;
  const fatal = asksStore ? await withoutPassed(inLog, args) : inLog;
  const { timeOf } = logs;
  output.print(formatTriplets(await checked(fatal, args, checks), args, timeOf));
  return exitCodes.done;
}

function leftOut(args: PostgreyreportArguments): (triplet: FatalTriplet) => boolean {
  const skipped = readClientFiles(args.skip_clients ?? [], 'skip_clients');
  const { match_clients: files = [] } = args;
  const matched = readClientFiles(files, 'match_clients');
  return (triplet) =>
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
