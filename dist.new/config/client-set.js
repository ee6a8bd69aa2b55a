import { parseIpAddress } from '../mail/ip-address.js';
import { parseNetwork } from '../mail/network.js';
/**
 * `private` is what no client from elsewhere can have: RFC 1918, unique local addresses (RFC 4193)
 * and link-local ones (RFC 3927, RFC 4291).
 */
const WORDS = {
    loopback: ['127.0.0.0/8', '::1/128'],
    private: [
        '10.0.0.0/8',
        '172.16.0.0/12',
        '192.168.0.0/16',
        '169.254.0.0/16',
        'fc00::/7',
        'fe80::/10',
    ],
};
function networksOf(texts) {
    return texts.map(parseNetwork).filter((network) => network !== undefined);
}
/** Whether a network was written with bits behind its prefix, which belong to one address. */
function hasHostBits(text, network) {
    const address = parseIpAddress(text.split('/')[0] ?? '');
    return address?.bytes.some((byte, index) => byte !== network.bytes[index]) ?? false;
}
/**
 * Reads `loopback`, `private`, a network as `192.0.2.0/24`, or a single address. `192.0.2.1/24` is
 * refused: whether the address or its network was meant decides who is let through.
 */
export function parseClientSet(text) {
    if (Object.hasOwn(WORDS, text))
        return { ok: { text, networks: networksOf(WORDS[text] ?? []) } };
    const network = parseNetwork(text);
    if (network === undefined) {
        return {
            problem: 'is not a network',
            hint: 'write loopback, private, an address, or a network such as 192.0.2.0/24 or 2001:db8::/32',
        };
    }
    if (hasHostBits(text, network)) {
        const address = text.split('/')[0] ?? '';
        return {
            problem: 'is an address with a prefix',
            hint: `write ${network.text} for the network or ${address} for the address`,
        };
    }
    return { ok: { text: network.text, networks: [network] } };
}
/** Writes what {@link parseClientSet} reads. */
export function formatClientSet(clients) {
    return clients.text;
}
//# sourceMappingURL=client-set.js.map