import { ifReadable, isOfNewerFormat } from '../greylist/byte-reader.js';
import {
  compareExceptions,
  decodeHandExceptions,
  encodeHandExceptions,
  HAND_EXCEPTIONS_KEY,
  isSameException,
  MAX_HAND_EXCEPTIONS,
  type HandException,
} from '../greylist/hand-exceptions.js';
import { parseNetwork } from '../mail/network.js';
import {
  asFields,
  formatInstant,
  LAST_DATE,
  readInstant,
  readList,
  readOptionalText,
  readText,
  RecordError,
} from './json-fields.js';
import type { JsonFields } from './json-fields.js';
import type { RecordKind } from './record-kinds.js';
import type { StoredRecord } from './stored-record.js';

const decode = ifReadable(decodeHandExceptions);

/** Clients whose mail does not wait because somebody has said so: one record for all of them. */
export const exceptionsKind: RecordKind = {
  name: 'exceptions',
  write: ({ key, value, expiresAt }) => {
    const exceptions = key === HAND_EXCEPTIONS_KEY ? decode(value) : undefined;
    if (exceptions === undefined || Math.max(expiresAt, ...exceptions.map(endOf)) > LAST_DATE) {
      return undefined;
    }
    return { exceptions: exceptions.map(writeException) };
  },
  read: (fields) =>
    recordOfExceptions(readList(fields, 'exceptions', MAX_HAND_EXCEPTIONS).map(readException)),
  isNewer: ({ key, value }) =>
    key === HAND_EXCEPTIONS_KEY && isOfNewerFormat(value, decodeHandExceptions),
  outline: ({ key, value }) =>
    key !== HAND_EXCEPTIONS_KEY
      ? undefined
      : {
          kind: 'exceptions',
          clients: (now) =>
            (decode(value) ?? []).map(({ network, addedAt, expiresAt }) => ({
              network,
              state: now < expiresAt ? 'autowhite' : 'ended',
              firstSeenAt: addedAt,
              lastSeenAt: addedAt,
            })),
        },
  merge: (mine, theirs, now) => {
    if (mine.key !== HAND_EXCEPTIONS_KEY) return undefined;
    const [own, other] = [decode(mine.value), decode(theirs.value)];
    if (own === undefined || other === undefined) {
      return own === undefined && other !== undefined ? theirs : mine;
    }
    const merged = recordOfExceptions(mergeExceptions(own, other, now));
    return Buffer.compare(merged.value, mine.value) === 0 ? mine : merged;
  },
};

/** Of two about the same the one that lasts longer; of too many those that last longest. */
function mergeExceptions(
  own: readonly HandException[],
  other: readonly HandException[],
  now: number,
): readonly HandException[] {
  const merged = [...own];
  for (const each of other.filter((exception) => now < exception.expiresAt)) {
    const at = merged.findIndex((mine) => isSameException(mine, each));
    const mine = merged[at];
    if (mine === undefined) merged.push(each);
    else if (isLonger(each, mine)) merged[at] = each;
  }
  const byEnd = merged.sort(
    (one, two) => two.expiresAt - one.expiresAt || compareExceptions(one, two),
  );
  return byEnd.slice(0, MAX_HAND_EXCEPTIONS).sort(compareExceptions);
}

/** Of two that end together the one that was there first. */
function isLonger(one: HandException, other: HandException): boolean {
  return one.expiresAt === other.expiresAt
    ? one.addedAt < other.addedAt
    : one.expiresAt > other.expiresAt;
}

function recordOfExceptions(exceptions: readonly HandException[]): StoredRecord {
  return {
    key: HAND_EXCEPTIONS_KEY,
    value: encodeHandExceptions(exceptions),
    expiresAt: Math.max(0, ...exceptions.map(endOf)),
  };
}

function endOf({ expiresAt }: HandException): number {
  return expiresAt;
}

function writeException({ network, sender, addedAt, expiresAt }: HandException): JsonFields {
  return {
    ...(network === undefined ? { spf: true } : { client: network.text }),
    ...(sender !== undefined && { sender }),
    addedAt: formatInstant(addedAt),
    expiresAt: formatInstant(expiresAt),
  };
}

function readException(value: unknown): HandException {
  const fields = asFields(value, 'an exception');
  const sender = readOptionalText(fields, 'sender');
  const [addedAt, expiresAt] = [readInstant(fields, 'addedAt'), readInstant(fields, 'expiresAt')];
  if (fields['spf'] === true) {
    if (sender?.includes('@') !== true) throw new RecordError('"spf" is of no sender');
    return { network: undefined, sender, addedAt, expiresAt };
  }
  const network = parseNetwork(readText(fields, 'client'));
  if (network === undefined) throw new RecordError('"client" is no address and no network');
  return { network, sender, addedAt, expiresAt };
}
