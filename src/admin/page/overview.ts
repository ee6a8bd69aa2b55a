import type { StatisticsBand } from '../../greylist/statistics.js';
import type { StatisticsReport } from '../statistics-report.js';
import { ask, type PageState } from './api.js';
import { bands } from './bands.js';
import { byId, element, table } from './dom.js';
import { formatCount, formatDuration, formatShare, formatTime } from './format.js';
import { plotDecisions, plotRetries } from './plots.js';

const HOUR = 3600;

/** What is asked for each choice, and how often; the longer the time, the less changes. */
const ranges = {
  hour: { seconds: HOUR, step: 60, everyMs: 15_000 },
  day: { seconds: 24 * HOUR, step: 900, everyMs: 60_000 },
  month: { seconds: 30 * 24 * HOUR, step: 6 * HOUR, everyMs: 300_000 },
} as const;

/** The range that is chosen. */
export function chosenRange(): (typeof ranges)[keyof typeof ranges] {
  const chosen = document.querySelector<HTMLInputElement>('input[name=range]:checked');
  return chosen?.value === 'hour'
    ? ranges.hour
    : chosen?.value === 'month'
      ? ranges.month
      : ranges.day;
}

/** Shows what happened in the range that is chosen. */
export async function showOverview(state: PageState): Promise<void> {
  const range = chosenRange();
  const query = { 'last-seconds': String(range.seconds), 'step-seconds': String(range.step) };
  const report = await ask('statistics', query);
  // Somebody has chosen another one meanwhile.
  if (range !== chosenRange()) return;
  showTiles(report);
  showLegend(report);
  plotDecisions(byId('decisions', HTMLDivElement), report);
  plotRetries(byId('retries', HTMLDivElement), report);
  showRetries(report);
  showNames(report, state);
}

function showTiles(report: StatisticsReport): void {
  const { firstAttempts, cameBack, neverCameBack, points, wholeHoursFrom } = report;
  // As many as the picture below shows: what is counted by the hour alone would be up to an hour more.
  const total = bands.reduce((sum, { key }) => sum + countIn(points, key), 0);
  const tiles = [
    [formatCount(total), 'decisions'],
    [formatCount(firstAttempts), 'first attempts put off'],
    [formatShare(cameBack, firstAttempts), 'of them came back'],
    [neverCameBack === null ? '?' : formatCount(neverCameBack), 'forgotten, never came back'],
  ] as const;
  byId('tiles', HTMLDivElement).replaceChildren(
    ...tiles.map(([figure, text]) =>
      element(
        'div',
        { class: 'card tile' },
        element('strong', {}, figure),
        element('span', { class: 'muted' }, text),
      ),
    ),
  );
  byId('whole-hours', HTMLParagraphElement).textContent =
    `First attempts, who came back and all lists are counted in whole hours, since ${formatTime(wholeHoursFrom)}.`;
}

function countIn(points: StatisticsReport['points'], key: StatisticsBand): number {
  return points.reduce((sum, point) => sum + point.bands[key], 0);
}

function showLegend({ points }: StatisticsReport): void {
  const entries = bands.map(({ key, text }) => {
    const sum = countIn(points, key);
    const swatch = element('span', { class: `swatch ${key}` });
    return element('li', {}, swatch, `${text}: ${formatCount(sum)}`);
  });
  byId('decisions-legend', HTMLDivElement).replaceChildren(
    element('ul', { class: 'legend' }, ...entries),
  );
}

function showRetries({ retries, delaySeconds }: StatisticsReport): void {
  const all = retries.reduce((sum, { count }) => sum + count, 0);
  const early = retries
    .filter(({ upToSeconds }) => (upToSeconds ?? Infinity) <= delaySeconds)
    .reduce((sum, { count }) => sum + count, 0);
  let half = all / 2;
  const middle = retries.find(({ count }) => (half -= count) <= 0)?.upToSeconds;
  const median =
    all === 0 || middle === undefined || middle === null
      ? ''
      : ` Half of them came within ${formatDuration(middle)}.`;
  byId('retries-text', HTMLParagraphElement).textContent =
    all === 0
      ? 'Nobody has come back in this time.'
      : `${formatCount(all)} came back, ${formatShare(early, all)} before the delay of ${formatDuration(delaySeconds)} was over.${median}`;
}

function showNames(
  { domains, networks, neverCameBack, wholeHoursFrom }: StatisticsReport,
  state: PageState,
): void {
  const nothing = state.statistics.names
    ? 'None in this time.'
    : 'Names are not kept (statistics.names).';
  const none = (text = nothing): HTMLElement => element('p', { class: 'muted' }, text);
  byId('domains', HTMLDivElement).replaceChildren(
    domains.length === 0
      ? none()
      : table(
          `Sender domains that had to wait since ${formatTime(wholeHoursFrom)}`,
          ['Domain', 'Mails', 'Average'],
          domains
            .slice(0, 10)
            .map(({ domain, count, averageSeconds }) => [
              domain,
              formatCount(count),
              formatDuration(averageSeconds),
            ]),
          [1, 2],
        ),
  );
  byId('networks', HTMLDivElement).replaceChildren(
    networks.length === 0
      ? none(neverCameBack === null ? 'A shared store does not tell.' : nothing)
      : table(
          `Networks that never came back since ${formatTime(wholeHoursFrom)}`,
          ['Network', 'Times'],
          networks.slice(0, 10).map(({ network, count }) => [network, formatCount(count)]),
          [1],
        ),
  );
}
