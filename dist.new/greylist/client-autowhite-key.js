import { parseIpAddress } from '../mail/ip-address.js';
import { networkOf, parseNetwork } from '../mail/network.js';
import { escapePart, SEPARATOR, unescapePart } from './correspondence-key.js';
/** No key of a correspondence begins with it. */
const CLIENT = 'a';
/** The key of a client's record: `a192.0.2.1`, `a192.0.2.0/24`, or that, a separator and a domain. */
export function clientAutowhiteKey(parties) {
    const { count, client, network, senderDomain } = parties;
    if (count === 'address')
        return CLIENT + client.text;
    const prefix = client.family === 4 ? network.ipv4 : network.ipv6;
    const key = CLIENT + networkOf(client, prefix).text;
    return count === 'network' ? key : key + SEPARATOR + escapePart(senderDomain);
}
/** Reads a key back; undefined if it is not one of {@link clientAutowhiteKey}'s. */
export function parseClientAutowhiteKey(key) {
    if (!key.startsWith(CLIENT))
        return undefined;
    const separatorAt = key.indexOf(SEPARATOR);
    const client = key.slice(CLIENT.length, separatorAt === -1 ? key.length : separatorAt);
    if (separatorAt === -1 && !client.includes('/')) {
        const address = parseIpAddress(client);
        return address?.text === client ? { kind: 'address', address } : undefined;
    }
    const network = parseNetwork(client);
    if (network?.text !== client)
        return undefined;
    if (separatorAt === -1)
        return { kind: 'network', network };
    const rest = key.slice(separatorAt + 1);
    if (rest.includes(SEPARATOR))
        return undefined;
    return { kind: 'sender-domain', network, domain: unescapePart(rest) };
}
//# sourceMappingURL=client-autowhite-key.js.map