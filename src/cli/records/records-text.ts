import type { ShownRecord } from '../../admin/records.js';
import { printable } from '../terminal/printable.js';
import { alignedLines } from '../terminal/table.js';

const HEAD = ['state', 'client', 'sender', 'recipient', 'first', 'last', 'until'] as const;

/** Records as lines of a table, one for each client; the columns are as wide as they must be. */
export function formatRecords(
  records: readonly ShownRecord[],
  now: number,
  withHead = true,
): string {
  const found = records.flatMap((record) => rowsOf(record, now));
  const rows = withHead ? [HEAD, ...found] : found;
  return `${alignedLines(rows).join('\n')}\n`;
}

function rowsOf(record: ShownRecord, now: number): readonly (readonly string[])[] {
  const sender = textOf(record['sender']) || '<>';
  const recipient = textOf(record['recipient']);
  const sources: readonly unknown[] = Array.isArray(record['sources']) ? record['sources'] : [];
  if (sources.length === 0) return [otherRow(record, now).map(printable)];
  return sources.map((source) => {
    // A source of a record that the admin interface, or our own code, has written.
    const fields = source as Readonly<Record<string, unknown>>;
    const { address, prefix, firstSeenAt, lastSeenAt, passedAt, expiresAt } = fields;
    const isLive = Date.parse(textOf(expiresAt)) > now;
    const isForgotten = record['forgotten'] === true;
    const state = stateOf({ isForgotten, isLive, isKnown: passedAt !== undefined });
    const client = `${textOf(address)}/${String(prefix)}`;
    const times = [firstSeenAt, lastSeenAt, expiresAt].map(shortTime);
    return [state, client, sender, recipient, ...times].map(printable);
  });
}

function stateOf(source: {
  readonly isForgotten: boolean;
  readonly isLive: boolean;
  readonly isKnown: boolean;
}): string {
  if (source.isForgotten) return 'forgotten';
  if (!source.isLive) return 'ended';
  return source.isKnown ? 'passed' : 'pending';
}

/** A client that is counted, an expected reply, or what nobody understands. */
function otherRow(record: ShownRecord, now: number): readonly string[] {
  const { kind, client, sender, recipient, domain, isExempt } = record;
  const [first, last] = [record['lastPointAt'] ?? record['writtenAt'], record['lastSeenAt']];
  const isLive = Date.parse(textOf(record['expiresAt'])) > now;
  const state =
    kind !== 'client'
      ? textOf(kind)
      : !isLive
        ? 'ended'
        : isExempt === true
          ? 'autowhite'
          : 'pending';
  const from = domain === undefined ? textOf(sender) : `@${textOf(domain)}`;
  const who =
    kind === 'opaque' ? record.id : kind === 'exceptions' ? '(see autowhite list)' : textOf(client);
  const times = [first, last, record['expiresAt']].map(shortTime);
  return [state, who, from, textOf(recipient), ...times];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** To the second, as in the log. */
function shortTime(value: unknown): string {
  return textOf(value).replace(/\.\d+Z$/, 'Z');
}
