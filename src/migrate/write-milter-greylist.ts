import { decodeCorrespondence } from '../greylist/correspondence-codec.js';
import { parseCorrespondenceKey } from '../greylist/correspondence-key.js';
import type { Source } from '../greylist/correspondence.js';
import { isKnown, isLive } from '../greylist/find-source.js';
import { MILTER_GREYLIST_VERSION } from '../greylist/milter-greylist-reasons.js';
import { milterGreylistAddress } from '../mail/milter-greylist-address.js';
import type { ReadBatch, StoredRecord } from './stored-record.js';

/** Under which settings records become lines. */
export interface DumpTerms {
  /** Epoch milliseconds. */
  readonly now: number;
  /** When what waits by our own style may pass, after its first attempt. */
  readonly delayMs: number;
}

/**
 * A dump file as milter-greylist 4.6 writes it, and reads it at its start: a line for each client that
 * waits or is known. What it has no place for is left out: clients' own records, answers that are
 * expected, and all of an address but its network's first one.
 */
export async function* writeMilterGreylist(
  batches: AsyncIterable<ReadBatch>,
  terms: DumpTerms,
): AsyncGenerator<string, void, undefined> {
  const counts = { waiting: 0, known: 0 };
  yield headOf(terms.now);
  for await (const { records } of batches) {
    let text = '';
    for (const record of records) {
      for (const { kind, line } of linesOf(record, terms)) {
        counts[kind] += 1;
        text += line;
      }
    }
    if (text !== '') yield text;
  }
  const { waiting, known } = counts;
  yield `#\n# Summary: ${waiting + known} records, ${waiting} greylisted, ${known} whitelisted, 0 tarpitted\n#\n`;
}

function headOf(now: number): string {
  return `#
# milter-greylist databases, dumped by milter-greylist-${MILTER_GREYLIST_VERSION} on ${localTime(now)}.
# DO NOT EDIT while milter-greylist is running, changes will be overwritten.
#


#
# stored tuples
#
# Sender IP\tSender e-mail\tRecipient e-mail\tTime accepted\tUnsuccessful shortest tarpit
`;
}

interface DumpLine {
  readonly kind: 'waiting' | 'known';
  readonly line: string;
}

function linesOf({ key, value }: StoredRecord, terms: DumpTerms): readonly DumpLine[] {
  const parsed = parseCorrespondenceKey(key);
  if (parsed === undefined) return [];
  const sender = parsed.kind === 'pair' ? parsed.sender : '';
  const { sources } = decodeCorrespondence(value);
  return sources
    .filter((source) => isLive(source, terms.now))
    .map((source) => lineOf(source, [sender, parsed.recipient], terms));
}

function lineOf(
  source: Source,
  parties: readonly [sender: string, recipient: string],
  { now, delayMs }: DumpTerms,
): DumpLine {
  const [sender = '', recipient = ''] = source.spelling?.split(' ') ?? parties;
  const kind = isKnown(source, now) ? 'known' : 'waiting';
  const { acceptAt = source.firstSeenAt + delayMs, expiresAt } = source;
  const at = Math.floor((kind === 'known' ? expiresAt - 1 : acceptAt) / 1000);
  const fields = [source.address.text, bracketed(sender), bracketed(recipient), String(at)];
  const mark = kind === 'known' ? ' AUTO' : '';
  return { kind, line: `${fields.join('\t')}${mark} # ${localTime(at * 1000)}\n` };
}

/** Without blanks, which separate fields. */
function bracketed(address: string): string {
  return `<${milterGreylistAddress(address)}>`;
}

/** `2026-11-21 03:06:27`, as all times of milter-greylist in the zone of this machine. */
function localTime(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}
