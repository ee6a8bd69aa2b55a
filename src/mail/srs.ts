import { PLACEHOLDER } from './placeholder.js';

/** An address that a forwarder has rewritten by the Sender Rewriting Scheme. */
export interface RewrittenSender {
  /** All before the user: tag, hash, time stamp and domains. */
  readonly wrapping: string;
  /** The same with placeholders for what differs from day to day. */
  readonly stableWrapping: string;
  /** Whose mail is forwarded, and who would get a bounce. */
  readonly domain: string;
  readonly user: string;
}

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
export function parseRewrittenSender(localPart: string): RewrittenSender | undefined {
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

function parseTwice(localPart: string): RewrittenSender | undefined {
  const [wrapping, tag = '', , forwarder = '', separator = '', , , domain = ''] =
    SRS1.exec(localPart) ?? [];
  if (wrapping === undefined) return undefined;
  const inner = `${separator}${PLACEHOLDER}=${PLACEHOLDER}=${domain}=`;
  return {
    wrapping,
    stableWrapping: `${tag}${PLACEHOLDER}=${forwarder}=${inner}`,
    domain,
    user: localPart.slice(wrapping.length),
  };
}
