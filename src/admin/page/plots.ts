import uPlot from 'uplot';
import type { StatisticsReport } from '../statistics-report.js';
import { bands } from './bands.js';
import { formatCount, formatDuration } from './format.js';

/** A picture that can be drawn anew. */
interface Plot {
  readonly place: HTMLElement;
  draw: () => uPlot | undefined;
  drawn: uPlot | undefined;
}

const plots = new Map<HTMLElement, Plot>();

/** Draws into a place, and again when its size or the theme changes. */
function show(place: HTMLElement, draw: () => uPlot): void {
  let plot = plots.get(place);
  if (plot === undefined) {
    plot = { place, draw, drawn: undefined };
    plots.set(place, plot);
    new ResizeObserver(() => fit(place)).observe(place);
  }
  plot.draw = draw;
  redraw(plot);
}

function redraw(plot: Plot): void {
  plot.drawn?.destroy();
  plot.drawn = plot.draw();
}

function fit(place: HTMLElement): void {
  const { clientWidth: width, clientHeight: height } = place;
  plots.get(place)?.drawn?.setSize({ width, height });
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const plot of plots.values()) redraw(plot);
});

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function axes(): uPlot.Axis {
  const line = { stroke: colour('line'), width: 1 };
  return { stroke: colour('muted'), grid: line, ticks: line, font: '12px system-ui, sans-serif' };
}

function sizeOf({ clientWidth: width, clientHeight: height }: HTMLElement) {
  return { width, height };
}

const plain = { legend: { show: false }, cursor: { show: false } } as const;

/** Decisions over time, one band on the other. */
export function plotDecisions(place: HTMLElement, report: StatisticsReport): void {
  const { points, stepSeconds } = report;
  const times = points.map(({ at }) => Date.parse(at) / 1000);
  const sums = times.map(() => 0);
  const layers = bands.map(({ key }) =>
    points.map((point, index) => (sums[index] = (sums[index] ?? 0) + point.bands[key])),
  );
  const most = Math.max(4, ...sums);
  const draw = (): uPlot => {
    const paths = uPlot.paths.bars?.({ size: [0.85, 60], align: 1 });
    const series = bands.map(({ key }) => ({
      fill: colour(key),
      width: 0,
      points: { show: false },
      ...(paths !== undefined && { paths }),
    }));
    return new uPlot(
      {
        ...plain,
        ...sizeOf(place),
        scales: {
          x: { range: () => [times[0] ?? 0, (times.at(-1) ?? 0) + stepSeconds] },
          y: { range: () => [0, most * 1.05] },
        },
        axes: [
          { ...axes(), values: (_, ticks) => ticks.map(clockOf) },
          { ...axes(), size: 56, values: (_, ticks) => ticks.map(tickOf) },
        ],
        // The highest first, so that lower ones cover all but their own share.
        series: [{}, ...series.reverse()],
      },
      [times, ...layers.reverse()],
      place,
    );
  };
  show(place, draw);
}

/** How long first retries took, with the delay marked. */
export function plotRetries(place: HTMLElement, report: StatisticsReport): void {
  const { retries, delaySeconds } = report;
  const used = retries.findLastIndex(({ count }) => count > 0);
  const marked = retries.findIndex(({ upToSeconds }) => (upToSeconds ?? Infinity) >= delaySeconds);
  const shown = retries.slice(0, Math.max(used, marked, 12) + 2);
  const counts = shown.map(({ count }) => count);
  const places = shown.map((_, index) => index);
  const nameOf = (index: number): string => {
    const end = shown[index]?.upToSeconds;
    return end === undefined ? '' : end === null ? '∞' : formatDuration(end);
  };
  const ends = shown.map(({ upToSeconds }) => upToSeconds ?? Infinity);
  const draw = (): uPlot => {
    const paths = uPlot.paths.bars?.({ size: [0.85, 60], align: 1 });
    const every = Math.ceil(shown.length / Math.max(3, place.clientWidth / 70));
    return new uPlot(
      {
        ...plain,
        ...sizeOf(place),
        scales: {
          x: { time: false, range: () => [0, shown.length] },
          y: { range: () => [0, Math.max(4, ...counts) * 1.15] },
        },
        axes: [
          {
            ...axes(),
            splits: () => places.filter((index) => index % every === 0).map((index) => index + 1),
            values: (_, ticks) => ticks.map((tick) => nameOf(tick - 1)),
          },
          { ...axes(), size: 48, values: (_, ticks) => ticks.map(tickOf) },
        ],
        series: [
          {},
          {
            fill: colour('known'),
            width: 0,
            points: { show: false },
            ...(paths !== undefined && { paths }),
          },
        ],
        hooks: { draw: [(plot) => markDelay(plot, placeOf(delaySeconds, ends), delaySeconds)] },
      },
      [places, counts],
      place,
    );
  };
  show(place, draw);
}

/** Where a time stands among classes with these ends. */
function placeOf(seconds: number, ends: readonly number[]): number {
  const index = ends.findIndex((end) => seconds <= end);
  const [from, to] = [ends[index - 1] ?? 0, ends[index] ?? seconds];
  return index === -1 ? ends.length : index + (to > from ? (seconds - from) / (to - from) : 1);
}

function markDelay(plot: uPlot, at: number, seconds: number): void {
  const { ctx, bbox } = plot;
  const x = Math.round(plot.valToPos(at, 'x', true));
  const scale = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = colour('refused');
  ctx.lineWidth = 2 * scale;
  ctx.setLineDash([6 * scale, 4 * scale]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.font = `600 ${12 * scale}px system-ui, sans-serif`;
  ctx.fillStyle = colour('text');
  const isLate = x > bbox.left + bbox.width * 0.7;
  ctx.textAlign = isLate ? 'right' : 'left';
  ctx.fillText(
    `delay ${formatDuration(seconds)}`,
    x + (isLate ? -6 : 6) * scale,
    bbox.top + 12 * scale,
  );
  ctx.restore();
}

function tickOf(count: number): string {
  return Number.isInteger(count) ? formatCount(count) : '';
}

/** A time of day, and at its start the day. */
function clockOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  const [hours, minutes] = [date.getHours(), date.getMinutes()];
  if (hours === 0 && minutes === 0) {
    return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  }
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}
