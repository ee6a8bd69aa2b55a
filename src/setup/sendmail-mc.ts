import type { SocketAddress } from '../config/socket-address.js';
import { formatSocketAddress } from '../config/socket-address.js';
import { SetupError } from './setup-error.js';

/** Above our line in sendmail.mc; by it the line is found again. */
const MARK = 'dnl Written by "greymilter setup sendmail", which takes it back with --undo:';

/** A line of ours, with the mark above it. */
const written = new RegExp(`^${MARK}\n.*\n`, 'gm');

/** A filter of ours that somebody has named without us. */
const byHand = /^[ \t]*(?:FEATURE|INPUT_MAIL_FILTER|MAIL_FILTER)\(`greymilter'/m;

/** Before this a line must stand, or it comes too late; and other filters are not to come before ours. */
const placed = /^[ \t]*(?:INPUT_MAIL_FILTER\(|MAILER_DEFINITIONS\b|MAILER\()/m;

/**
 * The listener that Sendmail reaches best: over a Unix socket its answers take a tenth of the time.
 *
 * @throws SetupError SETUP_UNREACHABLE
 */
export function chooseForSendmail(listeners: readonly SocketAddress[]): SocketAddress {
  const best = listeners.find(({ kind }) => kind === 'unix') ?? listeners[0];
  if (best !== undefined) return best;
  throw new SetupError(
    'SETUP_UNREACHABLE',
    'listen.milter is empty: let the filter listen on unix:/run/greymilter/milter.sock',
  );
}

/** The line for sendmail.mc. @param hasFeature whether Sendmail finds our file among its features */
export function sendmailLine(address: SocketAddress, hasFeature: boolean): string {
  const where = formatSocketAddress(address);
  return hasFeature
    ? `FEATURE(\`greymilter', \`${where}')dnl`
    : `INPUT_MAIL_FILTER(\`greymilter', \`S=${where}, T=C:10s;S:10s;R:10s;E:1m')dnl`;
}

/**
 * sendmail.mc with that line, and with no other of ours.
 *
 * @throws SetupError SETUP_NOT_UNDERSTOOD
 */
export function withFilter(mc: string, line: string): string {
  const others = withoutFilter(mc);
  if (byHand.test(others)) {
    throw notUnderstood('names greymilter already, in a line that was not written by this command');
  }
  if (/^[ \t]*define\(`confINPUT_MAIL_FILTERS'/m.test(others)) {
    throw notUnderstood(
      'defines confINPUT_MAIL_FILTERS: name greymilter there and define it above',
    );
  }
  const at = others.search(placed);
  if (at < 0) throw notUnderstood('has no MAILER line');
  return `${others.slice(0, at)}${MARK}\n${line}\n${others.slice(at)}`;
}

/** sendmail.mc without what was written there. */
export function withoutFilter(mc: string): string {
  return mc.replace(written, '');
}

function notUnderstood(what: string): SetupError {
  return new SetupError('SETUP_NOT_UNDERSTOOD', `sendmail.mc ${what}`);
}
