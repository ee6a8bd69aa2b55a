import { SYSLOG_MONTHS } from '../../reports/line-head.js';
import type { FatalTriplet } from '../../reports/fatal-triplets.js';
import { networkText } from '../../reports/stories.js';
import { printable } from '../terminal/printable.js';
import type { PostgreyreportArguments } from './postgreyreport-options.js';

/** A triplet, and what its client is to the sender's domain. */
export interface ShownTriplet {
  readonly triplet: FatalTriplet;
  /** Empty for nothing. */
  readonly check: string;
}

/**
 * The lines of postgreyreport, column by column: programs read them. What it cannot show, the null
 * sender, is `<>`, and no value has a blank.
 */
export function formatTriplets(
  triplets: readonly ShownTriplet[],
  args: PostgreyreportArguments,
  timeOf: (at: number) => string,
): string {
  const isSingle = args.single_line !== false && args.nosingle_line !== true;
  let text = '';
  let last: FatalTriplet | undefined;
  for (const shown of triplets) {
    const { triplet } = shown;
    text += separator(last, triplet, args);
    text += isSingle ? singleLine(shown, args, timeOf) : head(last, triplet) + grouped(shown, args);
    last = triplet;
  }
  return text;
}

function separator(
  last: FatalTriplet | undefined,
  { address }: FatalTriplet,
  args: PostgreyreportArguments,
): string {
  const ofIp = (args.separate_by_ip ?? '').replaceAll('\\n', '\n');
  const ofSubnet = (args.separate_by_subnet ?? '').replaceAll('\\n', '\n');
  const isSameNetwork =
    last !== undefined && networkText(last.address.text) === networkText(address.text);
  if (!isSameNetwork) return ofSubnet === '' ? ofIp : ofSubnet;
  return last.address.text === address.text ? '' : ofIp;
}

function singleLine(
  { triplet, check }: ShownTriplet,
  args: PostgreyreportArguments,
  timeOf: (at: number) => string,
): string {
  const { address, name, tries, lastAt } = triplet;
  const { tab, show_time: time, show_tries: counts, check_sender: checks } = args;
  const end = tab === true ? '\t' : ' ';
  const column = (text: string, width: number): string =>
    (tab === true ? text : text.padStart(width)) + end;
  return (
    (time === true ? column(syslogTime(timeOf(lastAt)), 0) : '') +
    (counts === true ? column(String(tries), 0) : '') +
    (checks !== undefined && checks !== '' ? column(check, 5) : '') +
    column(address.text, 15) +
    column(word(name), 0) +
    column(senderOf(triplet), 0) +
    `${word(triplet.recipient)}\n`
  );
}

/** Once for each client. */
function head(last: FatalTriplet | undefined, { address, name }: FatalTriplet): string {
  if (last?.address.text === address.text) return '';
  return `${word(name).padEnd(77)} ${address.text.padStart(15)}\n`;
}

function grouped({ triplet, check }: ShownTriplet, args: PostgreyreportArguments): string {
  const { check_sender: checks = '', show_tries: counts } = args;
  const first = checks === '' ? '      ' : `${check.padStart(5)} `;
  const second = counts === true ? ` ${String(triplet.tries).padStart(2)} ` : '    ';
  const [from, to] = [senderOf(triplet), word(triplet.recipient)];
  return `${first}${second} ${from.padStart(40)}  ${to.padStart(40)} \n`;
}

function senderOf({ sender }: FatalTriplet): string {
  return sender === '' ? '<>' : word(sender);
}

function word(text: string): string {
  return printable(text).replaceAll(' ', '\\u0020');
}

/** `Nov 21 03:29:48`, from `2026-11-21 03:29:48`. */
function syslogTime(time: string): string {
  const [, month = '', day = '', clock = ''] = /^\d+-(\d+)-(\d+) (.*)$/.exec(time) ?? [];
  return `${SYSLOG_MONTHS[Number(month) - 1] ?? ''} ${String(Number(day)).padStart(2)} ${clock}`;
}
