import { commandTable, eventNames, macroStageNumbers, macroStages } from './commands.js';
import type { EventName, Offer } from './events.js';
import { MilterProtocolError } from './errors.js';
import type { MilterFilter } from './filter.js';
import { actionFlags, stepFlags, versionOneSets, versions } from './flags.js';
import { encodePacket, encodeUint32 } from './packet-writer.js';

/** What both ends have agreed on for one connection. */
export interface Agreement {
  readonly version: number;
  /** `SMFIF_*` bits. */
  readonly actions: number;
  /** `SMFIP_*` bits. */
  readonly steps: number;
}

/** What a filter asks for, derived once from the handlers it has. */
export interface Wishes {
  readonly actions: number;
  readonly steps: number;
  /** The macro lists as they stand behind the three words; empty if none. */
  readonly macroLists: Buffer;
}

/** Derives a filter's wishes: what has no handler is not sent, what is only observed is not answered. */
export function wishesOf<Session>(filter: MilterFilter<Session>): Wishes {
  let steps = 0;
  for (const name of eventNames) {
    const handler = filter[name];
    if (handler === undefined) steps |= commandTable[name].suppress;
    else if (typeof handler !== 'function') steps |= commandTable[name].noReply;
  }
  if (filter.body !== undefined) steps |= stepFlags.skip;
  if (filter.leadingSpace === true) steps |= stepFlags.leadingSpace;
  if (filter.rejectedRecipients === true) steps |= stepFlags.rejectedRecipients;
  const macroLists = encodeMacroLists(filter.macros ?? {});
  let actions = macroLists.length === 0 ? 0 : actionFlags.requestMacros;
  for (const action of filter.actions ?? []) actions |= actionFlags[action];
  return { actions, steps, macroLists };
}

/**
 * Finds what both ends can do. Both masks are cut down to the offer, since both MTAs drop a filter
 * that asks for more; an ability that is missing is done without: an event that cannot be suppressed
 * is answered `continue`, one that must be answered is.
 *
 * @throws MilterProtocolError MILTER_OFFER_UNUSABLE for a version below 2
 */
export function agree(offer: Offer, wishes: Wishes): Agreement {
  if (offer.version < versions.lowest) {
    throw new MilterProtocolError(
      'MILTER_OFFER_UNUSABLE',
      `the MTA offers version ${offer.version}, at least ${versions.lowest} is needed`,
    );
  }
  return {
    version: Math.min(offer.version, versions.highest),
    actions: wishes.actions & (offer.actions === 0 ? versionOneSets.actions : offer.actions),
    steps: wishes.steps & (offer.steps === 0 ? versionOneSets.steps : offer.steps),
  };
}

/** The filter's packet; macro lists only where the MTA takes them. */
export function encodeAgreement(agreement: Agreement, wishes: Wishes): Buffer {
  const lists = (agreement.actions & actionFlags.requestMacros) === 0 ? '' : wishes.macroLists;
  return encodePacket(
    'O',
    encodeUint32(agreement.version),
    encodeUint32(agreement.actions),
    encodeUint32(agreement.steps),
    lists,
  );
}

/** Finds and encodes the answers of one filter. MTAs offer the same each time, so it remembers one. */
export class Negotiator {
  readonly #wishes: Wishes;
  #offer: Offer | undefined;
  #agreed: { readonly agreement: Agreement; readonly packet: Buffer } | undefined;

  constructor(wishes: Wishes) {
    this.#wishes = wishes;
  }

  /** What is agreed on, and the packet that says so. @throws as {@link agree} */
  answer(offer: Offer): { readonly agreement: Agreement; readonly packet: Buffer } {
    if (this.#agreed === undefined || !isSameOffer(offer, this.#offer)) {
      const agreement = agree(offer, this.#wishes);
      this.#agreed = { agreement, packet: encodeAgreement(agreement, this.#wishes) };
      this.#offer = offer;
    }
    return this.#agreed;
  }
}

function isSameOffer(one: Offer, other: Offer | undefined): boolean {
  return (
    one.version === other?.version && one.actions === other.actions && one.steps === other.steps
  );
}

/** Whether the MTA waits for the filter's answer to an event. */
export function wantsAnswer(agreement: Agreement, event: EventName): boolean {
  return (agreement.steps & commandTable[event].noReply) === 0;
}

/**
 * Sendmail copies the list of the end of the message only if there is one for the end of the header
 * as well, and empties it if there is only that: each is sent with the other.
 */
function encodeMacroLists(macros: NonNullable<MilterFilter<unknown>['macros']>): Buffer {
  const { eoh = [], eom = [] } = macros;
  const other = eoh.length > 0 || eom.length > 0 ? ['i'] : [];
  const complete = {
    ...macros,
    eoh: eoh.length > 0 ? eoh : other,
    eom: eom.length > 0 ? eom : other,
  };
  const lists = macroStages.flatMap((stage) => {
    const symbols = complete[stage] ?? [];
    // An empty list means "none at all" in Sendmail and "the default" in Postfix.
    if (symbols.length === 0) return [];
    return [encodeUint32(macroStageNumbers[stage]), Buffer.from(`${symbols.join(' ')}\0`)];
  });
  return Buffer.concat(lists);
}
