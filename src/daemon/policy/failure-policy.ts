/** What can keep us from deciding. */
export type Failure =
  /** The store cannot be read: nothing is known of this client. */
  | 'store-read'
  /** What was decided could not be remembered. */
  | 'store-write'
  /** More triplets wait than `limits.pending`. */
  | 'store-full'
  /** No decision within `limits.answer`. */
  | 'late'
  /** A mistake of ours. */
  | 'bug';

/** What becomes of a recipient then. `stand`: what was decided holds, since it is remembered. */
export type FailureVerdict = 'accept' | 'tempfail' | 'stand';

/** What the settings say about failures. */
export interface FailureSettings {
  /** `store.on-failure` */
  readonly onFailure: 'accept' | 'tempfail';
}

/**
 * The one place that decides what a failure means for mail.
 *
 * - Read failures and late decisions follow the setting; its default loses nothing and delays nobody.
 * - A new triplet that could not be stored passes: deferred without a memory of it, it would be new
 *   again at each retry, for ever. One that is remembered from before is still put off. What must not
 *   be stored, because too many wait already, passes likewise.
 * - A bug is a tempfail: the message comes again, and somebody has to look.
 *
 * @param isRemembered for `store-write`: whether an earlier attempt is in the store
 */
export function verdictOnFailure(
  failure: Failure,
  settings: FailureSettings,
  isRemembered = false,
): FailureVerdict {
  switch (failure) {
    case 'store-read':
    case 'late':
      return settings.onFailure;
    case 'store-write':
      return isRemembered ? 'stand' : 'accept';
    case 'store-full':
      return 'accept';
    case 'bug':
      return 'tempfail';
  }
}
