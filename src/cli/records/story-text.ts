import type { ShownRecord } from '../../admin/records.js';
import { formatDuration } from '../../config/duration.js';
import { parseIpAddress } from '../../mail/ip-address.js';
import { networkContains, networkOf } from '../../mail/network.js';
import type { JsonFields } from '../../migrate/json-fields.js';
import { countOf } from '../terminal/count-of.js';
import { printable } from '../terminal/printable.js';
import { shortTime } from '../terminal/short-time.js';

/** Who asks for a story, and by which settings it goes on. */
export interface StoryContext {
  /** The client, as it was typed. */
  readonly client: string;
  readonly delayMs: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What happened to a triplet, one thing a line, and what comes next: the why of its state. */
export function formatStory(record: ShownRecord, context: StoryContext): string {
  const sources = listOf(record['sources']).sort(
    (one, other) => timeIn(one, 'firstSeenAt') - timeIn(other, 'firstSeenAt'),
  );
  const known = sources.map((source) => ({ source, isAsked: isFrom(source, context.client) }));
  const isNew = known.length > 0 && !known.some(({ isAsked }) => isAsked);
  const lines = [
    ...known.flatMap(({ source, isAsked }) => [
      `${networkText(source)}${isAsked ? `, that of ${context.client}` : ''}`,
      ...eventsOf(source, context).map(([at, what]) => `  ${secondsOf(at)}  ${what}`),
    ]),
    ...(isNew ? [`${context.client} is in none of these networks, and new in its own`] : []),
    ...seriesOf(record['series']),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

type Event = readonly [at: number, what: string];

function eventsOf(source: JsonFields, { delayMs, now }: StoryContext): readonly Event[] {
  const [first, last, end] = [
    timeIn(source, 'firstSeenAt'),
    timeIn(source, 'lastSeenAt'),
    timeIn(source, 'expiresAt'),
  ];
  const tries = typeof source['attempts'] === 'number' ? source['attempts'] : 1;
  const isOver = end <= now;
  if (source['passedAt'] === undefined) {
    const isGiven = source['acceptAt'] !== undefined;
    const free = isGiven ? timeIn(source, 'acceptAt') : first + delayMs;
    const terms = isGiven
      ? 'as it was told at first'
      : `greylist.delay of ${formatDuration(delayMs)}, unless a rule says another`;
    const word = free > now ? 'its wait is over' : 'its wait was over: its next attempt passes';
    return [
      [first, 'first attempt, put off'],
      ...(tries > 1 ? [[last, `last of ${countOf(tries, 'attempt')}, put off`] as const] : []),
      ...(isOver ? [] : [[free, `${word} (${terms})`] as const]),
      [
        end,
        isOver ? 'forgotten, for it did not come back in time' : 'forgotten if not back by then',
      ],
    ];
  }
  const passed = timeIn(source, 'passedAt');
  const waited = shortTime((passed - first) / 1000);
  return [
    // Who had to prove nothing, as in mode learn, was never put off.
    ...(passed > first ? [[first, 'first attempt, put off'] as const] : []),
    [passed, passed > first ? `passed, ${waited} later` : 'first attempt, let through'],
    [last, 'last mail that was noted'],
    [end, isOver ? 'forgotten' : 'forgotten if no mail comes by then'],
  ];
}

function seriesOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { firstAt, returns } = value as JsonFields;
  if (typeof returns !== 'number' || returns === 0 || typeof firstAt !== 'string') return [];
  const times = returns === 1 ? 'once' : `${String(returns)} times`;
  return [
    `from whatever network: put off since ${secondsOf(Date.parse(firstAt))}, came back ${times}, each at least a delay after the last`,
  ];
}

function networkText({ address, prefix, name }: JsonFields): string {
  const who = typeof name === 'string' ? ` (${name})` : '';
  return `${String(address)}/${String(prefix)}${who}`;
}

function isFrom({ address, prefix }: JsonFields, client: string): boolean {
  const [known, asked] = [parseIpAddress(String(address)), parseIpAddress(client)];
  if (known === undefined || asked === undefined || typeof prefix !== 'number') return false;
  return networkContains(networkOf(known, prefix), asked);
}

function listOf(value: unknown): JsonFields[] {
  // A source of a record that the admin interface, or our own code, has written.
  return Array.isArray(value) ? [...(value as readonly JsonFields[])] : [];
}

function timeIn(fields: JsonFields, name: string): number {
  return Date.parse(String(fields[name]));
}

/** To the second, as in the table above. */
function secondsOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
