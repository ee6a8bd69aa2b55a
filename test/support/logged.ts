import { UNTOLD, type LoggedDecision } from '../../src/reports/logged-decision.js';

/** When logs of tests begin. */
export const LOG_START = Date.parse('2026-11-20T00:00:00Z');

/** A decision as a log tells of it: put off for the first time, unless told otherwise. */
export function logged(
  seconds: number,
  { to = 'ann@local.example', ...told }: Partial<LoggedDecision> = {},
): LoggedDecision {
  return {
    ...UNTOLD,
    at: LOG_START + seconds * 1000,
    voice: 'greymilter',
    verdict: 'tempfail',
    would: told.verdict ?? 'tempfail',
    reason: 'greylist-new',
    client: '192.0.2.1',
    name: 'mx.sender.example',
    from: 'joe@sender.example',
    to,
    ...told,
  };
}

/** The same that passes after its delay. */
export function passed(seconds: number, told: Partial<LoggedDecision> = {}): LoggedDecision {
  return logged(seconds, { verdict: 'accept', reason: 'greylist-passed', ...told });
}

/** A line as Postgrey writes it to syslog, at a time of LOG_START's day. */
export function postgreyLine(seconds: number, what: string, from = 'joe@sender.example'): string {
  const time = new Date(LOG_START + seconds * 1000).toISOString().slice(11, 19);
  const parties = `client_name=mx.sender.example, client_address=192.0.2.1, sender=${from}`;
  return `Nov 20 ${time} mx postgrey[7]: ${what}, ${parties}, recipient=ann@local.example\n`;
}
