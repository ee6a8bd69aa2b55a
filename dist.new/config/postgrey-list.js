import { parsePostgreyAddress } from './postgrey-address.js';
import { parsePostgreyClient } from './postgrey-client.js';
/**
 * How a line of one of Postgrey's lists is read; undefined where Postgrey has no such lists. It has
 * none of senders, but here there may be: they are written as those of recipients.
 */
export const postgreyReaders = {
    clients: parsePostgreyClient,
    senders: parsePostgreyAddress,
    recipients: parsePostgreyAddress,
    names: undefined,
    values: undefined,
};
//# sourceMappingURL=postgrey-list.js.map