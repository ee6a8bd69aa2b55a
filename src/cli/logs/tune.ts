import type { Readable } from 'node:stream';
import { parseDuration } from '../../config/duration.js';
import { StoryJoiner } from '../../reports/stories.js';
import { Tuner, USUAL_DELAYS } from '../../reports/tune.js';
import { exitCodes } from '../arguments/exit-codes.js';
import { openLogs, tellOfLines } from './log-input.js';
import { countOf } from '../terminal/count-of.js';
import type { Output } from '../terminal/output.js';
import type { TuneArguments } from './tune-options.js';
import { tuneJson, tuneText } from './tune-text.js';
import { UsageError } from '../arguments/usage-error.js';

/**
 * `greymilter tune`: what other delays would have done, by the logs, and which are worth having.
 *
 * @returns 1 if no line tells of a mail that was put off
 * @throws UsageError, ReportError
 */
export async function tune(
  args: TuneArguments,
  output: Output,
  input: Readable = process.stdin,
  now = Date.now(),
): Promise<number> {
  const delays = args.delay?.map(readDelay) ?? USUAL_DELAYS;
  const logs = openLogs(args, { output, input, now });
  const joiner = new StoryJoiner();
  const tuner = new Tuner(delays);
  let ofModes = 0;
  for await (const decisions of logs.decisions()) {
    for (const decision of decisions) {
      if (decision.mode !== 'enforce') ofModes++;
      for (const story of joiner.take(decision)) tuner.add(story);
    }
  }
  for (const story of joiner.end()) tuner.add(story);
  tellOfLines(logs.counts, output);
  const tuning = tuner.finish();
  if (tuning.returned + tuning.never === 0) {
    const nothing = 'no mail was put off whose beginning and end are both in the logs';
    output.error(`greymilter: ${nothing}${ofModes === 0 ? '' : `; ${notEnforced(ofModes)}`}\n`);
    return exitCodes.no;
  }
  output.print(args.json === true ? tuneJson(tuning, ofModes) : tuneText(tuning, ofModes));
  return exitCodes.done;
}

function notEnforced(decisions: number): string {
  return `${countOf(decisions, 'decision')} of learn and shadow mode left out, in which nobody is put off`;
}

function readDelay(text: string): number {
  const parsed = parseDuration(text);
  if (!('ok' in parsed)) throw new UsageError(`--delay ${text} ${parsed.problem}`);
  if (parsed.ok < 1000) throw new UsageError(`--delay ${text}: a second is the least`);
  return Math.ceil(parsed.ok / 1000);
}
