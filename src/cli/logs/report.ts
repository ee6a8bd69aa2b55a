import type { Readable } from 'node:stream';
import { ReportBuilder, type Report } from '../../reports/report.js';
import { isStoryKey, type StoryKey } from '../../reports/story-keys.js';
import type { Story } from '../../reports/story.js';
import { countOf } from '../terminal/count-of.js';
import { exitCodes } from '../arguments/exit-codes.js';
import { openLogs, tellOfLines, tellOfNothing, type LogInput } from './log-input.js';
import type { Output } from '../terminal/output.js';
import { daysCsv, groupsCsv, storyCsv, STORY_COLUMNS } from './report-csv.js';
import { groupsJson, reportJson, storyJson } from './report-json.js';
import type { ReportArguments } from './report-options.js';
import { daysText, groupsText, reportText, storyText } from './report-text.js';
import { UsageError } from '../arguments/usage-error.js';

/** By what is counted unless somebody says otherwise. */
const USUAL_KEYS: readonly StoryKey[] = ['network', 'sender-domain', 'recipient'];

/**
 * `greymilter report`: what logs say of who was greylisted, who came back, and who did not.
 *
 * @returns 1 if no line tells of a decision
 * @throws UsageError, ReportError
 */
export async function report(
  args: ReportArguments,
  output: Output,
  input: Readable = process.stdin,
  now = Date.now(),
): Promise<number> {
  const asked = args.by?.filter(isStoryKey) ?? [];
  refuseTwo(args, asked);
  const logs = openLogs(args, { output, input, now });
  const keys =
    asked.length > 0 || args.days === true || args.list !== undefined ? asked : USUAL_KEYS;
  const lister = new StoryLister(args, logs, output);
  const { dayOf } = logs;
  const builder = new ReportBuilder({ keys, dayOf, onStory: (story) => lister.tell(story) });
  for await (const decisions of logs.decisions()) {
    for (const decision of decisions) builder.add(decision);
    await output.drain?.();
  }
  const made = builder.finish();
  tellOfLines(logs.counts, output);
  if (logs.counts.decisions === 0) {
    tellOfNothing(logs.counts, output);
    return exitCodes.no;
  }
  tellOfGaps(made, output);
  if (args.list === undefined) output.print(shown(made, { args, keys, logs }));
  return exitCodes.done;
}

function refuseTwo(
  { by, days, list, csv, json, top }: ReportArguments,
  keys: readonly StoryKey[],
): void {
  const views = [by !== undefined, days === true, list !== undefined].filter(Boolean);
  if (views.length > 1) throw new UsageError('--by, --days and --list: one of them');
  if (csv === true && json === true) throw new UsageError('--csv and --json: one of them');
  if (csv === true && keys.length > 1) throw new UsageError('--csv is one table: give one --by');
  if (top !== undefined && !(Number.isInteger(top) && top > 0)) {
    throw new UsageError('--top is a whole number above 0');
  }
}

/** Prints stories as they end, so that none has to be kept. */
class StoryLister {
  readonly #wanted: string | undefined;
  readonly #format: (story: Story) => string;
  readonly #output: Output;

  constructor({ list, csv, json }: ReportArguments, { timeOf }: LogInput, output: Output) {
    this.#wanted = list;
    this.#output = output;
    if (json === true) this.#format = storyJson;
    else this.#format = csv === true ? storyCsv : (story) => storyText(story, timeOf);
    if (list !== undefined && csv === true) output.print(STORY_COLUMNS);
  }

  tell(story: Story): void {
    if (this.#wanted !== 'all' && this.#wanted !== story.ending) return;
    this.#output.print(this.#format(story));
  }
}

function tellOfGaps({ givenUp, learnt, shadowed }: Report, output: Output): void {
  if (givenUp > 0) {
    output.error(
      `note: for want of room ${countOf(givenUp, 'first attempt')} given up; what came of that counts as open\n`,
    );
  }
  for (const [mode, count] of Object.entries({ learn: learnt, shadow: shadowed })) {
    if (count === 0) continue;
    output.error(
      `note: of ${mode} mode: ${countOf(count, 'decision')}; who passed because of it counts as no first attempt\n`,
    );
  }
}

function shown(
  made: Report,
  {
    args,
    keys,
    logs,
  }: {
    readonly args: ReportArguments;
    readonly keys: readonly StoryKey[];
    readonly logs: LogInput;
  },
): string {
  const { json, csv, days, by, top = 10 } = args;
  const lists = keys.map((key) => [key, made.tallies.get(key)?.top(top)] as const);
  const groups = lists.flatMap(([key, list]) => (list === undefined ? [] : [{ key, ...list }]));
  const [one] = groups;
  if (csv === true) return by !== undefined && one !== undefined ? groupsCsv(one) : daysCsv(made);
  if (json === true) return by === undefined ? reportJson(made, groups, logs) : groupsJson(groups);
  if (days === true) return daysText(made);
  if (by !== undefined) return groups.map(groupsText).join('\n');
  return reportText(made, groups, logs);
}
