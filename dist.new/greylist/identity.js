/** Nothing was found out. */
export const NO_PROOF = { sameAs: new Map(), spfFails: false };
/**
 * The widest networks that say something about who sends: large providers list no wider ones, and who
 * wants all the world to pass must not make all the world one client.
 */
const WIDEST = { 4: 12, 6: 32 };
/**
 * Whether SPF shows that a client belongs to the sender's domain: it passes, by a term that lists
 * addresses, and not too many of them. `all`, `exists` and `ptr` match whom the domain's owner has
 * never heard of.
 */
export function isNarrowPass({ result, prefix }, family) {
    return result === 'pass' && prefix !== undefined && prefix >= WIDEST[family];
}
//# sourceMappingURL=identity.js.map