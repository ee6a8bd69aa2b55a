import { ifReadable, isOfNewerFormat } from '../greylist/byte-reader.js';
import { decodeReply, encodeReply, parseReplyKey, replyKey } from '../greylist/reply-record.js';
import { formatInstant, LAST_DATE, readInstant, readText, RecordError } from './json-fields.js';
import type { JsonFields } from './json-fields.js';
import { keepLonger } from './opaque-record.js';
import type { RecordKind } from './record-kinds.js';

const decode = ifReadable(decodeReply);

/** Mail that our own users have sent, whose answers do not wait. */
export const replyKind: RecordKind = {
  name: 'reply',
  write: ({ key, value, expiresAt }) => {
    const parties = parseReplyKey(key);
    const record = parties && decode(value);
    if (record === undefined || Math.max(record.writtenAt, expiresAt) > LAST_DATE) return undefined;
    const times = {
      writtenAt: formatInstant(record.writtenAt),
      expiresAt: formatInstant(expiresAt),
    };
    return { ...parties, ...times };
  },
  read: (fields) => ({
    key: replyKey({
      sender: readParty(fields, 'sender'),
      recipient: readParty(fields, 'recipient'),
    }),
    value: encodeReply({ writtenAt: readInstant(fields, 'writtenAt') }),
    expiresAt: readInstant(fields, 'expiresAt'),
  }),
  isNewer: ({ key, value }) =>
    parseReplyKey(key) !== undefined && isOfNewerFormat(value, decodeReply),
  outline: ({ key }) => {
    const parties = parseReplyKey(key);
    return parties && { kind: 'reply', ...parties, clients: () => [] };
  },
  merge: (mine, theirs) =>
    parseReplyKey(mine.key) === undefined ? undefined : keepLonger(mine, theirs),
};

function readParty(fields: JsonFields, name: string): string {
  const address = readText(fields, name);
  if (address === '') throw new RecordError(`"${name}" is empty`);
  return address;
}
