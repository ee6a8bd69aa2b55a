/** The name of the header that tells of a delay; that of milter-greylist and Postgrey. */
export const delayedHeaderName = 'X-Greylist';

/** What the header says. */
export interface DelayedHeaderValues {
  /** The longest delay among the message's recipients; undefined if none was delayed. */
  readonly delayedMs: number | undefined;
  /** The MTA's own name. */
  readonly host: string;
  readonly now: number;
}

/** `delayed 00:05:12 by greymilter at mx.example.org; Sat, 21 Nov 2026 03:06:22 +0000` */
export function formatDelayedHeader(values: DelayedHeaderValues): string {
  const { delayedMs, host, now } = values;
  const what = delayedMs === undefined ? 'not delayed' : `delayed ${formatHours(delayedMs)}`;
  return `${what} by greymilter at ${host}; ${formatMailDate(now)}`;
}

/** `HH:MM:SS`, with as many digits of hours as are needed. */
function formatHours(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const parts = [seconds / 3600, (seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');
}

/** RFC 5322 section 3.3, in UTC: a mail header names its own zone. */
function formatMailDate(now: number): string {
  return new Date(now).toUTCString().replace('GMT', '+0000');
}
