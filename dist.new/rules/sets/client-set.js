import { createNameSet } from './name-set.js';
import { createNetworkSet } from './network-set.js';
/** Clients by address, and those that no address has by name. */
export function createClientSet(entries) {
    const networks = [];
    const names = [];
    let nameless;
    for (const entry of entries) {
        const { value, place } = entry;
        if (value.kind === 'network')
            networks.push({ value, place });
        else if (value.kind === 'nameless')
            nameless ??= entry;
        else
            names.push({ value, place });
    }
    const byAddress = createNetworkSet(networks);
    const byName = createNameSet(names);
    return {
        size: entries.length,
        find: ({ clientAddress, clientName }) => (clientAddress === undefined ? undefined : byAddress.find(clientAddress)) ??
            (clientName === undefined ? nameless : byName.find(clientName)),
    };
}
//# sourceMappingURL=client-set.js.map