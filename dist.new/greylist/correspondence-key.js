import { networkOf, parseNetwork } from '../mail/network.js';
const PAIR = 'c';
const NULL_SENDER = 'n';
/** No address on the wire contains it: both protocols end their strings with it. */
export const SEPARATOR = '\0';
/**
 * The key of a pair's record. The recipient comes first, so that the records of one mailbox lie
 * side by side. The null sender, which everybody uses, is keyed by the client's network instead, so
 * that one bounce does not let the next host in.
 *
 * No two different pairs share a key, whatever they contain; and a key never has a lone surrogate,
 * which a store could not tell from another one.
 */
export function correspondenceKey(parties) {
    const { sender, client, network } = parties;
    const recipient = escapePart(parties.recipient);
    if (sender !== '')
        return PAIR + recipient + SEPARATOR + escapePart(sender);
    const prefix = client.family === 4 ? network.ipv4 : network.ipv6;
    return NULL_SENDER + recipient + SEPARATOR + networkOf(client, prefix).text;
}
/** Reads a key back; undefined if it is not one of {@link correspondenceKey}'s. */
export function parseCorrespondenceKey(key) {
    const kind = key.charAt(0);
    const separatorAt = key.indexOf(SEPARATOR);
    if (separatorAt === -1 || separatorAt !== key.lastIndexOf(SEPARATOR))
        return undefined;
    const recipient = unescapePart(key.slice(1, separatorAt));
    const rest = key.slice(separatorAt + 1);
    if (kind === PAIR && rest !== '') {
        return { kind: 'pair', sender: unescapePart(rest), recipient };
    }
    const network = kind === NULL_SENDER ? parseNetwork(rest) : undefined;
    if (network?.text !== rest)
        return undefined;
    return { kind: 'null-sender', network, recipient };
}
/** The separator, the escape itself, and surrogates without their other half. */
const UNSAFE = /[\0\x01\p{Surrogate}]/u;
/** Whatever may be unsafe: a pattern without the u flag takes a tenth of the time. */
const SUSPECT = /[\0\x01\ud800-\udfff]/;
/** A part of a key in which no separator stands, and no lone surrogate. */
export function escapePart(part) {
    if (!SUSPECT.test(part))
        return part;
    return part.replace(new RegExp(UNSAFE, 'gu'), (unsafe) => {
        return `\x01${unsafe.charCodeAt(0).toString(16).padStart(4, '0')}`;
    });
}
/** What {@link escapePart} was given. */
export function unescapePart(part) {
    return part.replace(/\x01([0-9a-f]{4})/g, (_, digits) => {
        return String.fromCharCode(Number.parseInt(digits, 16));
    });
}
//# sourceMappingURL=correspondence-key.js.map