import { formatSocketAddress } from '../../config/socket-address.js';
import { faultCodes, type MessageChange } from '../../protocols/milter/index.js';
import { asciiJson } from '../../migrate/ascii-json.js';
import { exitCodes } from '../arguments/exit-codes.js';
import type { Output } from '../terminal/output.js';
import { describeReaction } from './probe-faults.js';
import type { ProbeArguments } from './probe-options.js';
import { readProbePlan } from './probe-plan.js';
import type { ProbeReport, ProbeStep } from './probe-report.js';
import { runProbe } from './probe-session.js';
import { formatReport, formatUnreachable } from './probe-text.js';
import { wordsOfAgreement } from './probe-words.js';

/**
 * `greymilter probe ADDRESS`: asks a running filter, ours or another, what it says to a mail, as an
 * MTA would, and prints what was agreed on, each answer, and what is wrong with them.
 *
 * @returns 0 if every answer came, whatever it was; 1 if one is missing or wrong; 69 or 77 if the
 *   filter cannot be reached
 * @throws UsageError, ConfigError
 */
export async function probe(args: ProbeArguments, output: Output): Promise<number> {
  const report = await runProbe(await readProbePlan(args));
  const isReached = report.failure === undefined || report.failure.kind === 'broken';
  if (args.json === true) output.print(`${asciiJson(asJson(report))}\n`);
  else if (isReached) output.print(formatReport(report));
  else output.error(`greymilter: ${formatUnreachable(report)}\n`);
  return exitCodeFor(report);
}

function exitCodeFor({ failure, faults }: ProbeReport): number {
  switch (failure?.kind) {
    case 'unreachable':
      return exitCodes.unavailable;
    case 'denied':
      return exitCodes.permission;
    case 'broken':
      return exitCodes.no;
    case undefined:
      return faults.length === 0 ? exitCodes.done : exitCodes.no;
  }
}

/** The report for programs; its names are documented, and stay. */
function asJson(report: ProbeReport): Record<string, unknown> {
  const { plan, agreement, steps, faults, failure } = report;
  return {
    filter: formatSocketAddress(plan.filter),
    as: plan.as,
    ok: exitCodeFor(report) === exitCodes.done,
    agreement: agreement === undefined ? null : agreementOf(wordsOfAgreement(agreement)),
    answers: steps.map(answerOf),
    faults: faults.map(({ fault, event }) => ({
      event,
      fault,
      code: faultCodes[fault],
      postfix: describeReaction(fault, 'postfix'),
      sendmail: describeReaction(fault, 'sendmail'),
    })),
    failure: failure ?? null,
  };
}

function agreementOf({
  macros,
  ...words
}: ReturnType<typeof wordsOfAgreement>): Record<string, unknown> {
  return { ...words, macros: Object.fromEntries(macros) };
}

function answerOf({ event, shown, answer, ...more }: ProbeStep): Record<string, unknown> {
  const said = typeof answer === 'string' ? { silence: answer } : answer;
  return {
    event,
    argument: shown,
    ...said,
    ...(more.at !== undefined && { at: more.at }),
    ...(more.changes.length > 0 && { changes: more.changes.map(changeOf) }),
    ...(more.progress > 0 && { progress: more.progress }),
    ms: more.tookMs,
  };
}

function changeOf(change: MessageChange): Record<string, unknown> {
  return change.kind === 'replaceBody'
    ? { kind: change.kind, bytes: change.chunk.length }
    : { ...change };
}
