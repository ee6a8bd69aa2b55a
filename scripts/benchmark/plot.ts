import { element, label, picture } from '../drawing/svg.js';
import type { Measured } from './measure.js';
import type { Report } from './report.js';

/** A bar of the picture: what a session costs. */
interface Bar {
  readonly name: string;
  readonly systemUs: number;
  readonly userUs: number;
  readonly ratio: number;
  /** Of what it is a multiple. */
  readonly against: string;
}

const size = { label: 190, bars: 420, note: 130, row: 26, head: 58, foot: 40 } as const;
const width = size.label + size.bars + size.note;

/** Colours that can be read on white as on black, and those that differ. */
const style = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 15px }
  .small { font-size: 11px; fill: #59636e }
  .system { fill: #8c959f } .user { fill: #0969da }
  .axis { stroke: #d1d9e0 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .small { fill: #9198a1 }
    .system { fill: #656c76 } .user { fill: #4493f8 } .axis { stroke: #3d444d }
  }`;

/** A picture of what a message costs under each kind of load, as SVG. */
export function plotReport({ rows, mixes, machine }: Report): string {
  const most = Math.max(...rows.map(({ atOnce }) => atOnce));
  const shown = [...rows.filter(({ atOnce }) => atOnce === most), ...mixes.slice(1)];
  const bars = shown.filter(({ cpuUsPerSession }) => cpuUsPerSession > 0).map(barOf);
  const scale = size.bars / Math.max(...bars.map(({ systemUs, userUs }) => systemUs + userUs));
  const height = size.head + bars.length * size.row + size.foot;
  const [axis, axisEnd] = [size.label, height - size.foot];
  const title = 'CPU time of a message, in microseconds';
  const about = `greymilter ${machine.version}, Node.js ${machine.node}, ${machine.cores} × ${machine.cpu}, ${most} sessions at once`;
  return picture({ width, height }, { width, height, role: 'img' }, [
    element('title', {}, title),
    element('style', {}, `${style}\n`),
    label(title, { class: 'title', x: 0, y: 18 }),
    drawKey('user', 0, "the filter's own"),
    drawKey('system', 120, "the kernel's, for it"),
    ...bars.map((bar, at) => drawBar(bar, size.head + at * size.row, scale)),
    element('line', { class: 'axis', x1: axis, x2: axis, y1: size.head - 4, y2: axisEnd }),
    label(about, { class: 'small', x: 0, y: height - 14 }),
  ]);
}

/** What a colour means. */
function drawKey(kind: string, x: number, meaning: string): string {
  const patch = element('rect', { class: kind, x, y: 30, width: 10, height: 10 });
  return patch + label(meaning, { class: 'small', x: x + 15, y: 39 });
}

function barOf({ name, cpuUsPerSession, systemPart, cpuRatio, against }: Measured): Bar {
  const systemUs = cpuUsPerSession * systemPart;
  return {
    name: name.replace('in the style of milter-greylist', 'like milter-greylist'),
    systemUs,
    userUs: cpuUsPerSession - systemUs,
    ratio: cpuRatio,
    against: against === undefined || against.startsWith('floor') ? 'floor' : 'the one above',
  };
}

function drawBar(
  { name, systemUs, userUs, ratio, against }: Bar,
  y: number,
  scale: number,
): string {
  const part = (kind: string, fromUs: number, us: number): string => {
    const place = { x: (size.label + fromUs * scale).toFixed(1), y };
    const extent = { width: (us * scale).toFixed(1), height: size.row - 8 };
    return element('rect', { class: kind, ...place, ...extent });
  };
  const middle = y + size.row / 2;
  const end = (size.label + (userUs + systemUs) * scale + 6).toFixed(1);
  const times = ratio === 1 ? '' : `, ${ratio.toFixed(2)} × ${against}`;
  const cost = `${(userUs + systemUs).toFixed(0)}${times}`;
  return [
    label(name, { x: size.label - 8, y: middle, 'text-anchor': 'end' }),
    part('user', 0, userUs),
    part('system', userUs, systemUs),
    label(cost, { class: 'small', x: end, y: middle }),
  ].join('');
}
