import { parseNetwork } from '../mail/network.js';
import { commonPrefixLength } from '../mail/ip-address.js';
import { recordStates } from '../migrate/record-outline.js';
import { AdminError } from './admin-error.js';
/** @throws AdminError ADMIN_BAD_REQUEST */
export function parseRecordFilter(texts) {
    const network = texts.client === undefined ? undefined : readNetwork(texts.client);
    const state = texts.state === undefined ? undefined : readState(texts.state);
    const isSender = addressFilter(texts.sender);
    const isRecipient = addressFilter(texts.recipient);
    const { kind } = texts;
    return (outline, now) => {
        if (kind !== undefined && kind !== outline.kind)
            return false;
        if (!isSender(outline.sender) || !isRecipient(outline.recipient))
            return false;
        if (network === undefined && state === undefined)
            return true;
        return outline
            .clients(now)
            .some((client) => (state === undefined || client.state === state) &&
            (network === undefined || overlaps(network, client.network)));
    };
}
function readNetwork(text) {
    const network = parseNetwork(text);
    if (network !== undefined)
        return network;
    throw new AdminError('ADMIN_BAD_REQUEST', `client: "${text}" is no address and no network`);
}
function readState(text) {
    const state = recordStates.find((each) => each === text);
    if (state !== undefined)
        return state;
    const known = recordStates.join(', ');
    throw new AdminError('ADMIN_BAD_REQUEST', `state: "${text}" is none of ${known}`);
}
function overlaps(one, other) {
    // Both have what `commonPrefixLength` looks at.
    const common = commonPrefixLength({ ...one, text: '' }, { ...other, text: '' });
    return common >= Math.min(one.prefix, other.prefix);
}
function addressFilter(written) {
    if (written === undefined)
        return () => true;
    const text = written.toLowerCase();
    if (text === '<>' || text === '')
        return (address) => address === '';
    const matches = text.startsWith('@')
        ? (address) => address.endsWith(text)
        : text.endsWith('@')
            ? (address) => address.startsWith(text)
            : (address) => address === text;
    return (address) => address !== undefined && matches(address.toLowerCase());
}
//# sourceMappingURL=record-filter.js.map