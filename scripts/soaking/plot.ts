import { element, label, picture } from '../drawing/svg.js';
import type { Sample } from './soak.js';

interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly valueOf: (sample: Sample) => number;
}

interface Panel {
  readonly unit: string;
  readonly curves: readonly Curve[];
}

const panels: readonly Panel[] = [
  {
    unit: 'MB',
    curves: [
      { name: 'resident', colour: '#4477aa', valueOf: ({ residentBytes }) => residentBytes / 1e6 },
      { name: 'heap', colour: '#228833', valueOf: ({ heapBytes }) => heapBytes / 1e6 },
    ],
  },
  {
    unit: 'descriptors',
    curves: [{ name: 'open', colour: '#aa3377', valueOf: ({ descriptors }) => descriptors }],
  },
  {
    unit: 'ms',
    curves: [
      { name: 'p99', colour: '#ee6677', valueOf: ({ p99 }) => p99 },
      { name: 'median', colour: '#ccbb44', valueOf: ({ median }) => median },
    ],
  },
];

const [width, height, left, top] = [720, 140, 60, 24];

/** Memory, descriptors and latency over time, as a picture. */
export function plot(samples: readonly Sample[]): string {
  const each = height + 2 * top;
  const size = { width: left + width + 20, height: panels.length * each };
  const letters = { 'font-family': 'sans-serif', 'font-size': 11 };
  const paper = element('rect', { width: '100%', height: '100%', fill: '#fff' });
  const drawn = panels.flatMap((panel, index) => drawPanel(panel, samples, index * each));
  return picture(size, letters, [paper, ...drawn]);
}

function drawPanel(
  { unit, curves }: Panel,
  samples: readonly Sample[],
  y: number,
): readonly string[] {
  const end = Math.max(...samples.map(({ atMs }) => atMs), 1);
  const values = curves.flatMap(({ valueOf }) => samples.map(valueOf));
  const most = niceAbove(Math.max(...values, 1));
  const x = ({ atMs }: Sample): string => (left + (atMs / end) * width).toFixed(1);
  const level = (value: number): string => (y + top + height * (1 - value / most)).toFixed(1);
  const lines = curves.map(({ colour, valueOf }) => {
    const points = samples.map((sample) => `${x(sample)},${level(valueOf(sample))}`).join(' ');
    return element('polyline', { fill: 'none', stroke: colour, points });
  });
  const names = curves.map(({ name, colour }, index) =>
    label(name, { x: left + 8 + index * 80, y: y + top - 8, fill: colour }),
  );
  const bottom = y + top + height;
  const right = { 'text-anchor': 'end' };
  return [
    element('rect', { x: left, y: y + top, width, height, fill: 'none', stroke: '#bbb' }),
    label(String(most), { x: left - 6, y: y + top + 10, ...right }),
    label('0', { x: left - 6, y: bottom, ...right }),
    label(`${(end / 60_000).toFixed(0)} min`, { x: left + width, y: bottom + 14, ...right }),
    label(unit, { x: left, y: bottom + 14 }),
    ...names,
    ...lines,
  ];
}

/** The next of 1, 2, 5, 10, 20 … */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}
