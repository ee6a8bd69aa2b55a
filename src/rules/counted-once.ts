/** More than rules have use for; what comes beyond is not remembered, and so counted anew. */
const MOST = 1000;

/**
 * What rates have counted of one message, or of one session. The rules are asked for each recipient, and whichever of
 * them comes to a rate first may not be the first of its message: an exception may have let that one pass.
 */
export class CountedOnce {
  #counted: Set<string> | undefined;

  /** Whether it has not been counted yet; it has from now on. */
  count(what: string): boolean {
    const counted = (this.#counted ??= new Set());
    if (counted.has(what)) return false;
    if (counted.size < MOST) counted.add(what);
    return true;
  }
}
