import { decodeCorrespondence } from '../greylist/correspondence-codec.js';
import { parseCorrespondenceKey } from '../greylist/correspondence-key.js';
import type { Source } from '../greylist/correspondence.js';
import { isKnown, isLive } from '../greylist/find-source.js';
import { MILTER_GREYLIST_VERSION } from '../greylist/milter-greylist-reasons.js';
import { ifReadable } from '../greylist/byte-reader.js';
import { decodeTarpit, parseTarpitKey } from '../greylist/tarpit-record.js';
import { ipAddressFromBytes } from '../mail/ip-address.js';
import { milterGreylistAddress } from '../mail/milter-greylist-address.js';
import type { ReadBatch, StoredRecord } from './stored-record.js';

const decode = ifReadable(decodeTarpit);

/** Under which settings records become lines. */
export interface DumpTerms {
  /** Epoch milliseconds. */
  readonly now: number;
  /** When what waits by our own style may pass, after its first attempt. */
  readonly delayMs: number;
  /** How long who hung up in the tarpit is remembered. */
  readonly retryWindowMs: number;
}

/**
 * A dump file as milter-greylist 4.6 writes it, and reads it at its start: a line for each client that
 * waits or is known, or has hung up in the tarpit. What it has no place for is left out: clients' own
 * records, answers that are expected, who has waited in the tarpit to the end, which is no more than its
 * rule knows, and all of an address but its network's first one.
 */
export async function* writeMilterGreylist(
  batches: AsyncIterable<ReadBatch>,
  terms: DumpTerms,
): AsyncGenerator<string, void, undefined> {
  const counts = { waiting: 0, known: 0, tarpit: 0 };
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
  const { waiting, known, tarpit } = counts;
  yield `#\n# Summary: ${waiting + known + tarpit} records, ${waiting} greylisted, ${known} whitelisted, ${tarpit} tarpitted\n#\n`;
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
  readonly kind: 'waiting' | 'known' | 'tarpit';
  readonly line: string;
}

function linesOf(record: StoredRecord, terms: DumpTerms): readonly DumpLine[] {
  const { key, value } = record;
  const parsed = parseCorrespondenceKey(key);
  if (parsed === undefined) return linesOfTarpit(record, terms);
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

/** The shortest time for which it did not wait is not kept; milter-greylist writes 0 for it. */
function linesOfTarpit(
  { key, value, expiresAt }: StoredRecord,
  { now, retryWindowMs }: DumpTerms,
): readonly DumpLine[] {
  const parsed = parseTarpitKey(key);
  if (parsed === undefined || expiresAt <= now || decode(value) !== 'left') return [];
  const { sender, recipient, network } = parsed;
  const at = Math.max(Math.floor((expiresAt - 1 - retryWindowMs) / 1000), 0);
  const address = ipAddressFromBytes(network.bytes).text;
  const fields = [address, bracketed(sender), bracketed(recipient), String(at), '0 TARPIT'];
  return [{ kind: 'tarpit', line: `${fields.join('\t')} # ${localTime(at * 1000)}\n` }];
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
