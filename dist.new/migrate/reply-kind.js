import { CorrespondenceFormatError } from '../greylist/correspondence-codec.js';
import { decodeReply, encodeReply, parseReplyKey, replyKey } from '../greylist/reply-record.js';
import { formatInstant, LAST_DATE, readInstant, readText, RecordError } from './json-fields.js';
import { keepLonger } from './opaque-record.js';
/** Mail that our own users have sent, whose answers do not wait. */
export const replyKind = {
    name: 'reply',
    write: ({ key, value, expiresAt }) => {
        const parties = parseReplyKey(key);
        const record = parties && decode(value);
        if (record === undefined || Math.max(record.writtenAt, expiresAt) > LAST_DATE)
            return undefined;
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
    outline: ({ key }) => {
        const parties = parseReplyKey(key);
        return parties && { kind: 'reply', ...parties, clients: () => [] };
    },
    merge: (mine, theirs) => parseReplyKey(mine.key) === undefined ? undefined : keepLonger(mine, theirs),
};
function readParty(fields, name) {
    const address = readText(fields, name);
    if (address === '')
        throw new RecordError(`"${name}" is empty`);
    return address;
}
/** Undefined if it is damaged, or from a newer version. */
function decode(value) {
    try {
        return decodeReply(value);
    }
    catch (error) {
        if (error instanceof CorrespondenceFormatError)
            return undefined;
        throw error;
    }
}
//# sourceMappingURL=reply-kind.js.map