import type { Durations } from '../../reports/durations.js';
import {
  ENOUGH_RETURNED,
  ENOUGH_SECOND_TRIES,
  type DelayAdvice,
  type DelayEffect,
  type Tuning,
} from '../../reports/tune.js';
import { asciiJson } from '../../migrate/ascii-json.js';
import { printable } from '../terminal/printable.js';
import { percent, shortTime } from '../terminal/short-time.js';
import { alignedLines } from '../terminal/table.js';

/** Where the bars of the plot begin, seconds. */
const EDGES = [0, 30, 60, 120, 180, 300, 420, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];
const WIDEST_BAR = 40;

/** All of it as one object. */
export function tuneJson(tuning: Tuning, ofModes: number): string {
  const { retries, effects: all, ...rest } = tuning;
  // Its times are bounds then, as ">=" says to people.
  const effects = all.map((effect) => ({ ...effect, atLeast: effect.unseen > 0 }));
  const plot = barsOf(retries).map(({ fromS, toS, count }) => ({ fromS, toS, count }));
  return `${asciiJson({ ...rest, effects, ofModes, retries: plot })}\n`;
}

/** For people. */
export function tuneText(tuning: Tuning, ofModes: number): string {
  const { returned, never, secondTries, leftOut } = tuning;
  const known = alignedLines([
    ['mail that came back', String(returned)],
    ['mail that never did', `${never}, of which ${secondTries} tried a second time`],
    ['left out, since its beginning or end is not here', String(leftOut)],
    ['left out, since nobody was put off (learn, shadow)', String(ofModes)],
  ]);
  return [
    text(known),
    `When mail that came back was tried for the second time:\n${plotOf(tuning.retries)}`,
    text(effectLines(tuning.effects)),
    notes(tuning),
    ...exceptions(tuning),
    advice(tuning),
  ].join('\n');
}

interface Bar {
  readonly fromS: number;
  /** Undefined for the last. */
  readonly toS: number | undefined;
  readonly count: number;
}

function barsOf(retries: Durations): readonly Bar[] {
  return EDGES.map((fromS, index) => {
    const toS = EDGES[index + 1];
    const upTo = toS === undefined ? retries.count : retries.below(toS);
    return { fromS, toS, count: upTo - retries.below(fromS) };
  });
}

function plotOf(retries: Durations): string {
  const bars = barsOf(retries);
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const rows = bars.map(({ fromS, toS, count }) => [
    shortTime(fromS),
    toS === undefined ? 'and more' : `- ${shortTime(toS)}`,
    String(count),
    '#'.repeat(count === 0 ? 0 : Math.max(1, Math.round((count / most) * WIDEST_BAR))),
  ]);
  return text(alignedLines(rows, [0, 2]));
}

function effectLines(effects: readonly DelayEffect[]): readonly string[] {
  const head = ['delay', 'second tries stopped', 'median', '95 of 100', 'with the first retry'];
  const rows = effects.map(({ delayS, stopped, medianS, p95S, firstRetry, unseen }) => {
    const least = unseen > 0 ? '>= ' : '';
    const time = (seconds: number | undefined): string =>
      seconds === undefined ? '-' : `${least}${shortTime(seconds)}`;
    const share = (part: number | undefined): string =>
      part === undefined ? '-' : percent(part, 1);
    return [shortTime(delayS), share(stopped), time(medianS), time(p95S), share(firstRetry)];
  });
  return alignedLines([head, ...rows], [0, 1, 2, 3, 4]);
}

function notes({ effects }: Tuning): string {
  const unseen = effects.some((effect) => effect.unseen > 0);
  const least = unseen
    ? '>= is at least: mail that was let through earlier has shown no later retry.\n'
    : '';
  return `${least}Second tries are those of mail that never got through. Of bots that got through nothing can be known.\n`;
}

function exceptions({ exceptions: advised }: Tuning): readonly string[] {
  if (advised.length === 0) return [];
  const rows = advised.map(({ domain, mails, waitedS }) => [
    printable(domain),
    String(mails),
    shortTime(waitedS),
    shortTime(waitedS / mails),
  ]);
  const head = ['always came back', 'mails', 'waited', 'each'];
  return [text(alignedLines([head, ...rows], [1, 2, 3]))];
}

function advice(tuning: Tuning): string {
  const { advice: advised, exceptions: senders } = tuning;
  if (advised === undefined) return noAdvice(tuning);
  const { fromS, toS } = advised;
  const range = fromS === toS ? shortTime(fromS) : `${shortTime(fromS)} to ${shortTime(toS)}`;
  const lines = [
    `# ${range}: less stops fewer second tries, more makes mail wait longer.`,
    ...reasons(tuning.effects, advised).map((reason) => `# ${reason}`),
    'greylist:',
    `  delay: ${fromS}s`,
  ];
  const domains = senders
    .map(({ domain }) => domain)
    .filter((domain) => /^[a-z0-9.-]+$/.test(domain));
  if (domains.length > 0) {
    lines.push(
      '# Always came back. By SPF it must really be them.',
      'rules:',
      '  - name: always came back',
      '    when:',
      `      sender-authenticated: [${domains.map((domain) => `'@${domain}'`).join(', ')}]`,
      '    then: accept',
    );
  }
  return `For greymilter.yaml:\n\n${text(lines)}`;
}

/** What the range costs and brings, beside what the next shorter and the next longer delay would. */
function reasons(effects: readonly DelayEffect[], { fromS, toS }: DelayAdvice): readonly string[] {
  const said = (effect: DelayEffect | undefined, what: (of: DelayEffect) => string): string[] =>
    effect === undefined ? [] : [`${shortTime(effect.delayS)} ${what(effect)}`];
  const stops = ({ stopped = 0 }: DelayEffect): string => `stops ${percent(stopped, 1)}`;
  const takes = ({ medianS = 0, unseen }: DelayEffect): string =>
    `${unseen > 0 ? 'at least ' : ''}${shortTime(medianS)}`;
  const ofTries = [
    ...said(effects.find(isOf(fromS)), (effect) => `${stops(effect)} of second tries`),
    ...said(
      effects.findLast(({ delayS }) => delayS < fromS),
      stops,
    ),
  ];
  const ofWaits = [
    ...said(effects.find(isOf(toS)), (effect) => `makes mail wait ${takes(effect)} in the median`),
    ...said(
      effects.find(({ delayS }) => delayS > toS),
      takes,
    ),
  ];
  return [ofTries, ofWaits].map((parts) => `${parts.join(', ')}.`);
}

function isOf(seconds: number): (effect: DelayEffect) => boolean {
  return ({ delayS }) => delayS === seconds;
}

function noAdvice({ returned, secondTries }: Tuning): string {
  if (returned >= ENOUGH_RETURNED && secondTries >= ENOUGH_SECOND_TRIES) {
    return (
      'No advice: of the mail that came back, more than a twentieth was let through before even ' +
      'the shortest of these delays was over. Try shorter ones (--delay).\n'
    );
  }
  return (
    `No advice: it takes ${ENOUGH_RETURNED} mails that came back (${returned} are here), and ` +
    `${ENOUGH_SECOND_TRIES} second tries of mail that never did (${secondTries}).\n`
  );
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
