import { parseSignedSender } from './batv.js';
import { withoutTokens } from './sender-tokens.js';
import { parseRewrittenSender } from './srs.js';
import { withoutRecipient } from './verp.js';
/** What is taken out of senders, by kind; the words of the setting `greylist.sender.strip`. */
export const senderParts = ['batv', 'srs', 'verp', 'tokens'];
/**
 * Longer local parts stay as they are: RFC 5321 section 4.5.3.1.3 allows 256 octets for a whole path,
 * and what nobody bounds is the work that a client can make us do.
 */
const MAX_LENGTH = 256;
/**
 * One spelling of the local part for all mails of one correspondence: without signature, time stamp,
 * recipient, counter and the like. Domains of others in it stay, so mail of two domains never becomes
 * the same; and what was normalised once stays as it is. Quoted local parts are people's, and left alone.
 *
 * @param domain of the address, which may tell that it is for bounces
 */
export function stableLocalPart(localPart, domain, strip) {
    if (localPart.length > MAX_LENGTH || localPart.startsWith('"'))
        return localPart;
    let wrapping = '';
    let rest = localPart;
    let origin = domain;
    for (;;) {
        const layer = unwrap(rest, origin, strip);
        if (layer !== undefined) {
            wrapping += layer.wrapping;
            rest = layer.user;
            origin = layer.domain;
            continue;
        }
        const next = withoutParts(rest, origin, strip);
        // What is taken out may have hidden something else: `prvs=joe=1234abcdef+news`.
        if (next === rest)
            return wrapping + rest;
        rest = next;
    }
}
/** How all of them begin, or what they have in them; most senders with `=` are none of them. */
const WRAPPED = /^(?:prvs=|msprvs1=|btv1==|srs[01][=+-])|\+srs=/i;
/** What is not to be taken out is unwrapped all the same, lest its parts be taken for others. */
function unwrap(localPart, domain, strip) {
    if (!localPart.includes('=') || !WRAPPED.test(localPart))
        return undefined;
    const signed = parseSignedSender(localPart);
    if (signed !== undefined) {
        if (strip.batv)
            return { wrapping: '', user: signed.user, domain };
        if (signed.wrapping === undefined)
            return { wrapping: localPart, user: '', domain };
        return { wrapping: signed.wrapping, user: signed.user, domain };
    }
    const rewritten = parseRewrittenSender(localPart);
    if (rewritten === undefined)
        return undefined;
    const { wrapping, stableWrapping, user } = rewritten;
    return { wrapping: strip.srs ? stableWrapping : wrapping, user, domain: rewritten.domain };
}
function withoutParts(localPart, domain, strip) {
    const rest = strip.verp ? withoutRecipient(localPart) : localPart;
    return strip.tokens ? withoutTokens(rest, domain) : rest;
}
//# sourceMappingURL=sender-spelling.js.map