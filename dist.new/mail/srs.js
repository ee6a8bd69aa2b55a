import { PLACEHOLDER } from './placeholder.js';
/**
 * `SRS0=hash=stamp=domain=user`, where the first separator may also be `+` or `-`, and Exchange
 * Online's `bounces+SRS=hash=stamp=domain=user`.
 */
const SRS0 = /^(srs0[=+-]|[^=]*\+srs=)([^=]+)=([^=]+)=([^=]+)=/i;
/**
 * `SRS1=hash=forwarder=` and behind it all of an SRS0 but its name: `=hash=stamp=domain=user`. The
 * second hash is the first forwarder's, and as short-lived as the first.
 */
const SRS1 = /^(srs1[=+-])([^=]+)=([^=]+)=([=+-])([^=]+)=([^=]+)=([^=]+)=/i;
/** Takes a rewritten local part apart; undefined if it is none. */
export function parseRewrittenSender(localPart) {
    const [wrapping, tag = '', , , domain = ''] = SRS0.exec(localPart) ?? [];
    if (wrapping !== undefined) {
        return {
            wrapping,
            stableWrapping: `${tag}${PLACEHOLDER}=${PLACEHOLDER}=${domain}=`,
            domain,
            user: localPart.slice(wrapping.length),
        };
    }
    return parseTwice(localPart);
}
function parseTwice(localPart) {
    const [wrapping, tag = '', , forwarder = '', separator = '', , , domain = ''] = SRS1.exec(localPart) ?? [];
    if (wrapping === undefined)
        return undefined;
    const inner = `${separator}${PLACEHOLDER}=${PLACEHOLDER}=${domain}=`;
    return {
        wrapping,
        stableWrapping: `${tag}${PLACEHOLDER}=${forwarder}=${inner}`,
        domain,
        user: localPart.slice(wrapping.length),
    };
}
//# sourceMappingURL=srs.js.map