import { networkContains } from '../mail/network.js';
/** Those that a setting turns on and off, in the order in which they are looked at. */
export const EXEMPTIONS = ['authenticated', 'tls', 'local', 'access-map'];
/** What holds unless somebody says otherwise. */
export const usuallyExempt = ['authenticated', 'local', 'access-map'];
/** Reads the name of an exemption that a setting turns on. */
export function parseExemption(text) {
    const known = EXEMPTIONS.find((word) => word === text);
    if (known !== undefined)
        return { ok: known };
    return { problem: 'is nobody who can be exempt', hint: `write ${EXEMPTIONS.join(', ')}` };
}
/** Postfix's and Sendmail's usual names of daemons that only take mail from their own users. */
const submissionDaemons = new Set(['ORIGINATING', 'MSA']);
/** What Sendmail's access map says of clients, senders and recipients that are to pass. */
const passingEntries = new Set(['WHITE', 'RELAY', 'OK']);
/**
 * Looks whether an attempt passes without a rule: our own users, mail that was submitted on this
 * machine, what the access map lets pass by the macro `{greylist}`, clients with a certificate, and
 * networks that are trusted.
 *
 * @param exempt which of those that can be turned on are
 * @returns undefined if it is to be judged
 */
export function exemptionOf(attempt, trusted, exempt = usuallyExempt) {
    const found = exempt.find((exemption) => isExempt[exemption](attempt));
    if (found !== undefined)
        return found;
    const { clientAddress } = attempt;
    return clientAddress !== undefined && isTrusted(clientAddress, trusted) ? 'trusted' : undefined;
}
const isExempt = {
    authenticated: ({ login }) => login !== undefined && login !== '',
    tls: ({ certSubject }) => certSubject !== undefined,
    local: isLocal,
    'access-map': ({ accessMap }) => accessMap !== undefined && passingEntries.has(accessMap.toUpperCase()),
};
// `sendmail -bs` on a pipe has no address.
function isLocal(attempt) {
    return attempt.clientAddress === undefined || isLocalSubmission(attempt);
}
// Postfix shows its own sendmail command as 127.0.0.1 with port 0.
function isLocalSubmission({ clientPort, daemonName }) {
    return clientPort === 0 || (daemonName !== undefined && submissionDaemons.has(daemonName));
}
function isTrusted(clientAddress, trusted) {
    for (const network of trusted)
        if (networkContains(network, clientAddress))
            return true;
    return false;
}
//# sourceMappingURL=exemption.js.map