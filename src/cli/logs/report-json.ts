import type { Report } from '../../reports/report.js';
import type { GroupCounts } from '../../reports/group-counts.js';
import type { Story } from '../../reports/story.js';
import { asciiJson } from '../../migrate/ascii-json.js';
import type { LogInput } from './log-input.js';
import type { KeyedGroups } from './report-text.js';

/** A mail as a line. */
export function storyJson({ first, attempts, ending, passedAfter, retries }: Story): string {
  const { at, client, name, helo, from, to, reason, rule } = first;
  return line({
    ...{ time: time(at), client, name, helo, from: `<${from}>`, to: `<${to}>`, attempts, ending },
    passedAfter: passedAfter === undefined ? undefined : passedAfter / 1000,
    retries: retries.map((ms) => ms / 1000),
    ...{ reason, rule },
  });
}

/** The whole report as one object. */
export function reportJson(
  report: Report,
  groups: readonly KeyedGroups[],
  { counts }: Pick<LogInput, 'counts'>,
): string {
  const { from, to, total, days, waits, reasons, learnt, shadowed, givenUp } = report;
  return line({
    from: from === undefined ? undefined : time(from),
    to: to === undefined ? undefined : time(to),
    lines: counts,
    total,
    wait: { median: waits.quantile(0.5), p95: waits.quantile(0.95), sum: waits.totalS },
    reasons: Object.fromEntries(reasons),
    days,
    top: Object.fromEntries(groups.map(({ key, ...list }) => [key, listJson(list)])),
    ...{ learnt, shadowed, givenUp },
  });
}

/** The groups of each key as a line. */
export function groupsJson(groups: readonly KeyedGroups[]): string {
  return groups.map(({ key, ...list }) => line({ by: key, ...listJson(list) })).join('');
}

function listJson({ groups, mayMiss }: Omit<KeyedGroups, 'key'>): {
  readonly groups: readonly (GroupCounts & { readonly key: string })[];
  readonly mayMiss: number;
} {
  return { groups, mayMiss };
}

function time(at: number): string {
  return new Date(at).toISOString();
}

function line(value: object): string {
  return `${asciiJson(value)}\n`;
}
