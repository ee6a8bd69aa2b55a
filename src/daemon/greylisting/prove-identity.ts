import type { Source } from '../../greylist/correspondence.js';
import { isNarrowPass, type IdentitySettings, type Proof } from '../../greylist/identity.js';
import type { Inquiry } from '../../greylist/inquiry.js';
import type { EnvelopeAddress } from '../../mail/envelope-address.js';
import type { IpAddress } from '../../mail/ip-address.js';
import type { Lookups, SpfFinding } from '../../rules/lookups.js';

/**
 * So many sources of a pair are asked for by SPF, all at once: a pool rarely shows more of its
 * networks before it has passed, and each of them costs.
 */
const MAX_SPF_RELATIVES = 8;

/** A client that is new to a pair, and the sender it comes with. */
export interface Newcomer {
  readonly address: IpAddress;
  /** Its verified name. */
  readonly name: string | undefined;
  readonly helo: string | undefined;
  readonly sender: EnvelopeAddress;
}

type Kin = Map<string, 'spf' | 'host-name'>;

/**
 * Finds out whether a client is the same as one that has tried before for the same pair: by its
 * confirmed name, which costs no question; where that leaves something to be gained, by SPF of the
 * sender's domain, which must pass for both of them by a narrow term. What nobody knows proves
 * nothing, and speaks against nobody.
 */
export async function proveIdentity(
  { relatives, isPatient }: Inquiry,
  newcomer: Newcomer,
  settings: IdentitySettings,
  lookups: Lookups,
): Promise<Proof> {
  const sameAs: Kin = new Map();
  if (settings.hostName) await proveByName(newcomer, relatives, sameAs);
  const candidates = settings.spf ? gainFrom(relatives, sameAs) : [];
  if (candidates.length === 0 && !isPatient) return { sameAs, spfFails: false };
  const { address, helo } = newcomer;
  const ask = async (client: IpAddress, itsHelo?: string): Promise<SpfFinding | undefined> => {
    const answer = await lookups.spf({ client, sender: newcomer.sender, helo: itsHelo });
    return answer.known ? answer.value : undefined;
  };
  const own = await ask(address, helo);
  if (own !== undefined && isNarrowPass(own, address.family)) {
    const findings = candidates.slice(0, MAX_SPF_RELATIVES).map(async (relative) => {
      const found = await ask(relative.address);
      if (found === undefined || !isNarrowPass(found, relative.address.family)) return;
      sameAs.set(relative.address.text, 'spf');
    });
    await Promise.all(findings);
  }
  return { sameAs, spfFails: own?.result === 'fail' };
}

// What reads the public suffix list takes its time to load, and many sites never need it.
async function proveByName(
  newcomer: Newcomer,
  relatives: readonly Source[],
  sameAs: Kin,
): Promise<void> {
  if (newcomer.name === undefined) return;
  const named = relatives.filter(({ name }) => name !== undefined);
  if (named.length === 0) return;
  const { areOfOneSite } = await import('../../mail/same-site.js');
  for (const relative of named) {
    if (areOfOneSite(newcomer, relative)) sameAs.set(relative.address.text, 'host-name');
  }
}

/** Those by which the client would fare better than by what is proven already. */
function gainFrom(relatives: readonly Source[], sameAs: Kin): readonly Source[] {
  const proven = relatives.filter(({ address }) => sameAs.has(address.text));
  if (proven.some(({ passedAt }) => passedAt !== undefined)) return [];
  const clockAt = Math.min(...proven.map(({ firstSeenAt }) => firstSeenAt));
  return relatives.filter(
    ({ passedAt, firstSeenAt }) => passedAt !== undefined || firstSeenAt < clockAt,
  );
}
