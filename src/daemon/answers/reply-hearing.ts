import type { ReplyRecord } from '../../greylist/reply-record.js';
import type { MaybePromise } from '../../store/store.js';
import type { Case, Hearing } from './recipient-judge.js';
import { proveReply, type ReplyProof } from '../greylisting/reply-proof.js';

/** An answer to our own user's mail, and whether it is really one. */
export interface HeardReply {
  readonly record: ReplyRecord;
  readonly proof: ReplyProof;
}

/**
 * Lets pass who would have to wait, if our own user has written to the sender, and the client proves to
 * be the sender's. The triplet stays as it is, so that it matures beside.
 *
 * @param find what is remembered of the mail that would be answered; called only if that matters, and
 *   must neither throw nor reject
 */
export function hearReply(
  hearing: Hearing,
  { recipient, lookups, now }: Case,
  find: () => MaybePromise<ReplyRecord | undefined>,
): MaybePromise<Hearing> {
  const { verdict, reason } = hearing.finding;
  if (verdict !== 'tempfail' || reason === 'store-unavailable') return hearing;
  const { attempt, terms } = recipient;
  const client = attempt.clientAddress;
  const found = find();
  if (found === undefined || client === undefined) return hearing;
  const prove = async (): Promise<Hearing> => {
    const record = await found;
    if (record === undefined) return hearing;
    const proof = await proveReply(attempt, client, terms.greylist.network, lookups);
    const reply = { record, proof };
    if (!proof.isProven) return { ...hearing, reply };
    return { ...passed(hearing, now), reply };
  };
  return prove();
}

function passed({ finding, clockAt }: Hearing, now: number): Hearing {
  const delayedMs = clockAt === undefined ? undefined : Math.max(0, now - clockAt);
  const { attempts } = finding;
  return { finding: { verdict: 'accept', reason: 'reply', delayedMs, attempts }, clockAt };
}
