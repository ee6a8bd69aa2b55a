import type { Readable } from 'node:stream';
import { formatIssue } from '../../config/config-error.js';
import { Replay } from '../../daemon/trials/replay.js';
import type { ReplayChange, ReplayedMail } from '../../reports/replay-tally.js';
import { loadConfigArguments } from '../arguments/config-options.js';
import { exitCodes } from '../arguments/exit-codes.js';
import { openLogs, tellOfLines, tellOfNothing } from './log-input.js';
import type { Output } from '../terminal/output.js';
import type { ReplayArguments } from './replay-options.js';
import { replayedMailJson, replayedMailText, replayJson, replayText } from './replay-text.js';
import { UsageError } from '../arguments/usage-error.js';

/**
 * `greymilter replay`: what another configuration would have said to the mail that logs tell of.
 *
 * @returns 1 if no line tells of a decision
 * @throws UsageError, ConfigError, ReportError
 */
export async function replay(
  args: ReplayArguments,
  output: Output,
  input: Readable = process.stdin,
  now = Date.now(),
): Promise<number> {
  if (args.config === undefined && args.set === undefined) {
    throw new UsageError('Which configuration? --config FILE, or --set what is to be different');
  }
  const { config, program, warnings } = await loadConfigArguments(args);
  for (const warning of warnings) output.error(`warning: ${formatIssue(warning)}\n`);
  const logs = openLogs(args, { output, input, now });
  const format = args.json === true ? replayedMailJson : replayedMailText;
  const onChange = (mail: ReplayedMail, change: ReplayChange): void =>
    output.print(format(mail, change, logs.timeOf));
  const made = new Replay(config, program, args.list === true ? { onChange } : {});
  for await (const decisions of logs.decisions()) {
    for (const decision of decisions) await made.take(decision);
    await output.drain?.();
  }
  tellOfLines(logs.counts, output);
  if (logs.counts.decisions === 0) {
    tellOfNothing(logs.counts, output);
    return exitCodes.no;
  }
  const result = await made.finish();
  const hasMessageRules = program.messageRules.length > 0;
  const unknown = Object.fromEntries(made.unknown);
  const text = args.json === true ? replayJson : replayText;
  if (args.list === true && args.json !== true) output.print('\n');
  output.print(text(result, { unknown, hasMessageRules, fromBefore: made.fromBefore }));
  return exitCodes.done;
}
