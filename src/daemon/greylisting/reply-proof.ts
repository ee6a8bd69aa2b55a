import type { Attempt } from '../../greylist/attempt.js';
import type { NetworkPrefixes } from '../../greylist/correspondence-key.js';
import { isTellingPass } from '../../greylist/identity.js';
import { commonPrefixLength, type IpAddress } from '../../mail/ip-address.js';
import type { Answer, Lookups, SpfFinding } from '../../rules/lookups.js';

/** Whether a client has shown that it speaks for the sender's domain. */
export interface ReplyProof {
  readonly isProven: boolean;
  /** What it stands or falls with. */
  readonly by: 'spf' | 'mail-exchangers';
  /** What was found, in words. */
  readonly finding: string;
}

/**
 * Looks whether a client may answer for the sender's domain: if SPF passes, or where the domain has
 * none, if it is in the network of one of the domain's mail exchangers. What is not known proves
 * nothing, and neither does a pass by `all`, which says nothing of the client.
 */
export async function proveReply(
  { sender, helo }: Pick<Attempt, 'sender' | 'helo'>,
  client: IpAddress,
  network: NetworkPrefixes,
  lookups: Pick<Lookups, 'spf' | 'mailExchangers'>,
): Promise<ReplyProof> {
  const spf = await lookups.spf({ client, sender, helo });
  if (!spf.known || spf.value.result !== 'none') return proofBySpf(spf);
  const { domain } = sender;
  return proofByExchangers(domain, await lookups.mailExchangers(domain), client, network);
}

function proofBySpf(answer: Answer<SpfFinding>): ReplyProof {
  const by = 'spf';
  if (!answer.known) return { isProven: false, by, finding: `not known: ${answer.problem}` };
  const { result, domain, term } = answer.value;
  const finding = `${result} for ${domain}${term === undefined ? '' : ` by ${term}`}`;
  const isProven = isTellingPass(answer.value);
  if (result === 'pass' && !isProven)
    return { isProven, by, finding: `${finding}, which lets everybody pass` };
  return { isProven, by, finding };
}

function proofByExchangers(
  domain: string,
  answer: Answer<readonly IpAddress[]>,
  client: IpAddress,
  network: NetworkPrefixes,
): ReplyProof {
  const by = 'mail-exchangers';
  const none = `${domain} has no SPF`;
  if (!answer.known)
    return { isProven: false, by, finding: `${none}; exchangers not known: ${answer.problem}` };
  const prefix = client.family === 4 ? network.ipv4 : network.ipv6;
  const near = answer.value.find((address) => commonPrefixLength(address, client) >= prefix);
  const finding =
    near === undefined
      ? `${none}, and none of its ${answer.value.length} exchangers is near the client`
      : `${none}, and its exchanger ${near.text} is near the client`;
  return { isProven: near !== undefined, by, finding };
}
