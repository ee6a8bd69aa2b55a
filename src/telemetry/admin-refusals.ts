import { Tally } from './tally.js';

/** Whom the admin interface did not serve, by why and then by the listener: `admin` or `http`. */
export class AdminRefusals {
  /** Connections beyond the limit. */
  readonly crowded = new Tally();
  /** Connections that ask without waiting for answers. */
  readonly greedy = new Tally();
  /** Requests without a token, or for a host that is not ours. */
  readonly turnedAway = new Tally();
}
