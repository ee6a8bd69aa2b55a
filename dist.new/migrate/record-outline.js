import { isKnown, isLive } from '../greylist/find-source.js';
import { networkOf } from '../mail/network.js';
/** Where a client stands: it passes, its clock runs, or both are over. */
export const recordStates = ['known', 'waiting', 'ended'];
/** The clients of a pair. */
export function clientsOf({ sources }, now) {
    return sources.map((source) => ({
        network: networkOf(source.address, source.prefix),
        state: isKnown(source, now) ? 'known' : isLive(source, now) ? 'waiting' : 'ended',
    }));
}
//# sourceMappingURL=record-outline.js.map