import { parseIpAddress } from '../mail/ip-address.js';
const DNS_PORT = 53;
const HINT = 'write an address, as in 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353';
/** Reads the address of a DNS server, with its port if that is not 53. */
export function parseResolver(text) {
    const bare = parseIpAddress(text);
    if (bare !== undefined)
        return { ok: { address: bare.text, port: DNS_PORT } };
    const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(text);
    const address = parseIpAddress(match?.[1] ?? match?.[2] ?? '');
    if (match === null || address === undefined) {
        const isName = /^[A-Za-z][\w.-]*(?::\d+)?$/.test(text);
        const problem = isName ? 'is a name' : 'is not the address of a DNS server';
        return { problem, hint: isName ? 'nobody could look it up: write its address' : HINT };
    }
    const port = Number(match[3] ?? DNS_PORT);
    if (port >= 1 && port <= 65_535)
        return { ok: { address: address.text, port } };
    return { problem: 'has a port that there is not', hint: 'ports are 1 to 65535' };
}
/** Writes what {@link parseResolver} reads. */
export function formatResolver({ address, port }) {
    if (port === DNS_PORT)
        return address;
    return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
//# sourceMappingURL=resolver-address.js.map