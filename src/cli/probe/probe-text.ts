import { countOf } from '../terminal/count-of.js';
import { formatSocketAddress } from '../../config/socket-address.js';
import { faultCodes, type MtaAgreement } from '../../protocols/milter/index.js';
import { printable } from '../terminal/printable.js';
import { describeFault, describeReaction, isFatal } from './probe-faults.js';
import type { FoundFault, ProbeReport, ProbeStep } from './probe-report.js';
import {
  actionNames,
  describeChange,
  describeReply,
  describeSilence,
  momentNames,
  wordsOfAgreement,
  type AgreementWords,
} from './probe-words.js';

const mtaNames = { postfix: 'Postfix', sendmail: 'Sendmail' } as const;

/** Wider arguments push the rest of their line to the right. */
const widestArgument = 44;

/** A report for people: what was agreed on, each answer, the faults, and a last line that sums up. */
export function formatReport(report: ProbeReport): string {
  const { plan, agreement, steps, faults } = report;
  const paragraphs = [
    [`${mtaNames[plan.as]} asks ${formatSocketAddress(plan.filter)}`],
    agreement === undefined ? [] : agreementLines(wordsOfAgreement(agreement)),
    stepLines(steps, agreement),
    ...faults.map(faultLines),
    conclusion(report),
  ];
  const text = paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map(printable).join('\n'))
    .join('\n\n');
  return `${text}\n`;
}

/** Why nobody could be asked, as one line. */
export function formatUnreachable({ plan, failure }: ProbeReport): string {
  const why = failure === undefined ? '' : `${failure.message} (${failure.code})`;
  return printable(`${formatSocketAddress(plan.filter)}: ${why}`);
}

function agreementLines(words: AgreementWords): readonly string[] {
  const { version, actions, notSent, notAnswered, others, macros } = words;
  const rows: (readonly [string, string])[] = [
    ['agreed on', `version ${version}`],
    ['  may', listOf(actions.map((name) => actionNames[name]))],
    ['  not sent', listOf(notSent.map((name) => momentNames[name]))],
    ['  not answered', listOf(notAnswered.map((name) => momentNames[name]))],
  ];
  if (others.length > 0) rows.push(['  besides', listOf(others)]);
  const stageWidth = widthOf(macros.map(([stage]) => stage));
  macros.forEach(([stage, symbols], index) => {
    const list = symbols.length === 0 ? 'none' : symbols.join(' ');
    rows.push([index === 0 ? '  macros' : '', `${stage.padEnd(stageWidth)}  ${list}`]);
  });
  if (macros.length === 0) rows.push(['  macros', "the MTA's own"]);
  const width = widthOf(rows.map(([label]) => label));
  return rows.map(([label, text]) => `${label.padEnd(width)}  ${text}`);
}

function stepLines(
  steps: readonly ProbeStep[],
  agreement: MtaAgreement | undefined,
): readonly string[] {
  const eventWidth = widthOf(steps.map(({ event }) => momentNames[event]));
  const shownWidth = Math.min(widestArgument, widthOf(steps.map(({ shown }) => shown)));
  const timeWidth = widthOf(steps.map(timeOf));
  return steps.flatMap((step) => {
    const { event, shown, changes, progress, at } = step;
    const [first = '', ...more] =
      typeof step.answer === 'string'
        ? [describeSilence(step.answer, agreement?.version ?? 0)]
        : describeReply(event, step.answer);
    const place = at === undefined || at === 'eom' ? '' : ` (${momentNames[at]})`;
    const argument = `${momentNames[event].padEnd(eventWidth)}  ${shown.padEnd(shownWidth)}`;
    const head = `${argument}  ${timeOf(step).padStart(timeWidth)}  `;
    const waits = progress === 0 ? [] : [`asked for patience, times: ${progress}`];
    const rest = [...more, ...changes.map(describeChange), ...waits];
    return [`${head}${first}${place}`, ...rest.map((line) => `${' '.repeat(head.length)}${line}`)];
  });
}

function timeOf({ answer, tookMs }: ProbeStep): string {
  return typeof answer === 'string' ? '' : `${tookMs.toFixed(1)} ms`;
}

function faultLines({ fault, event }: FoundFault): readonly string[] {
  return [
    `fault at ${momentNames[event]}: ${describeFault(fault)} (${fault}, ${faultCodes[fault]})`,
    ...(['postfix', 'sendmail'] as const).map(
      (mta) => `  ${mtaNames[mta]} ${describeReaction(fault, mta)}`,
    ),
  ];
}

const withoutFilter =
  'Without the filter mail goes by default_action in Postfix, and by F= in Sendmail.';

function conclusion({ plan, steps, faults, failure }: ProbeReport): readonly string[] {
  const last = faults.at(-1);
  if (failure !== undefined) {
    const place = failure.event === undefined ? '' : ` at ${momentNames[failure.event]}`;
    const isItsFault = last !== undefined && isFatal(last.fault, plan.as);
    const why = isItsFault
      ? `${mtaNames[plan.as]} drops the filter here`
      : `${failure.message} (${failure.code})`;
    return [`failed${place}: ${why}`, withoutFilter];
  }
  if (faults.length > 0) return [`failed: ${countOf(faults.length, 'fault')}`];
  const times = steps.filter(({ answer }) => typeof answer !== 'string');
  if (times.length === 0) return ['ok: the filter wants to hear nothing of this mail'];
  const slowest = Math.max(...times.map(({ tookMs }) => tookMs));
  return [`ok: every answer came, the slowest after ${slowest.toFixed(1)} ms`];
}

function listOf(words: readonly string[]): string {
  return words.length === 0 ? 'nothing' : words.join(', ');
}

function widthOf(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}
