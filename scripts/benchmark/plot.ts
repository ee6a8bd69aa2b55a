import type { Measured } from './measure.js';
import type { Report } from './report.js';

/** A bar of the picture: what a session costs. */
interface Bar {
  readonly label: string;
  readonly systemUs: number;
  readonly userUs: number;
  readonly ratio: number;
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
  const title = 'CPU time of a message, in microseconds';
  const about = `greymilter ${machine.version}, Node.js ${machine.node}, ${machine.cores} × ${machine.cpu}, ${most} sessions at once`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${title}</title>`,
    `<style>${style}\n</style>`,
    `<text class="title" x="0" y="18">${title}</text>`,
    `<rect class="user" x="0" y="30" width="10" height="10"/><text class="small" x="15" y="39">the filter's own</text>`,
    `<rect class="system" x="120" y="30" width="10" height="10"/><text class="small" x="135" y="39">the kernel's, for it</text>`,
    ...bars.map((bar, at) => drawBar(bar, size.head + at * size.row, scale)),
    `<line class="axis" x1="${size.label}" x2="${size.label}" y1="${size.head - 4}" y2="${height - size.foot}"/>`,
    `<text class="small" x="0" y="${height - 14}">${escape(about)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function barOf({ name, cpuUsPerSession, systemPart, cpuRatio }: Measured): Bar {
  const systemUs = cpuUsPerSession * systemPart;
  return {
    label: name.replace('in the style of milter-greylist', 'like milter-greylist'),
    systemUs,
    userUs: cpuUsPerSession - systemUs,
    ratio: cpuRatio,
  };
}

function drawBar({ label, systemUs, userUs, ratio }: Bar, y: number, scale: number): string {
  const rect = (kind: string, x: number, us: number): string =>
    `<rect class="${kind}" x="${x.toFixed(1)}" y="${y}" width="${(us * scale).toFixed(1)}" height="${size.row - 8}"/>`;
  const middle = y + size.row / 2;
  const end = size.label + (userUs + systemUs) * scale;
  const times = ratio === 1 ? '' : `, ${ratio.toFixed(2)} × floor`;
  return [
    `<text x="${size.label - 8}" y="${middle}" text-anchor="end">${escape(label)}</text>`,
    rect('user', size.label, userUs),
    rect('system', size.label + userUs * scale, systemUs),
    `<text class="small" x="${(end + 6).toFixed(1)}" y="${middle}">${(userUs + systemUs).toFixed(0)}${times}</text>`,
  ].join('');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
