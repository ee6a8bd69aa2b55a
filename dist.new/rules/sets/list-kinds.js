import { parseAddressEntry } from './address-entry.js';
import { createAddressSet } from './address-set.js';
import { parseClientEntry } from './client-entry.js';
import { createClientSet } from './client-set.js';
import { parseNameEntry } from './name-entry.js';
import { createNameSet } from './name-set.js';
import { parseValueEntry } from './value-entry.js';
import { createValueSet } from './value-set.js';
const addresses = {
    expects: "an address, '@example.org', '@.example.org', 'joe@', '<>' or a pattern",
    form: { examples: ['joe@example.org', '@example.org', '@.example.org', 'postmaster@', '<>'] },
    parse: parseAddressEntry,
    create: createAddressSet,
};
/** The kinds of lists that there are. */
export const listKinds = {
    clients: {
        expects: 'an address, a network, a verified name, `.example.org` or a pattern',
        form: { examples: ['192.0.2.0/24', '2001:db8::1', 'mx.example.net', '.example.org'] },
        parse: parseClientEntry,
        create: createClientSet,
    },
    senders: addresses,
    recipients: addresses,
    names: {
        expects: 'a host name, `.example.org` or a pattern',
        form: { examples: ['mx.example.net', '.example.org', '/^mx\\d+\\./'] },
        parse: parseNameEntry,
        create: createNameSet,
    },
    values: {
        expects: 'a text or a pattern',
        form: { examples: ['value', '/^part/i'] },
        parse: parseValueEntry,
        create: createValueSet,
    },
};
//# sourceMappingURL=list-kinds.js.map