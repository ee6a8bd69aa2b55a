import type { Via } from '../greylist/attempt.js';
import type { Mode, Reason, Verdict } from '../greylist/decision.js';

/** A table of all words of a union; the compiler refuses one that lacks any. */
type All<Word extends string> = Readonly<Record<Word, true>>;

const VERDICTS: All<Verdict> = {
  accept: true,
  tempfail: true,
  reject: true,
  discard: true,
  quarantine: true,
};

const MODES: All<Mode> = { enforce: true, learn: true, shadow: true };

const VIAS: All<Via> = { milter: true, policy: true };

const REASONS: All<Reason> = {
  'greylist-new': true,
  'greylist-early': true,
  'greylist-passed': true,
  'greylist-known': true,
  'greylist-expired': true,
  pool: true,
  patience: true,
  'client-autowhite': true,
  reply: true,
  provider: true,
  trusted: true,
  authenticated: true,
  tls: true,
  local: true,
  'access-map': true,
  rule: true,
  'store-unavailable': true,
  overload: true,
  error: true,
};

/** Whether a word of a line is a verdict. */
export function isVerdict(word: string): word is Verdict {
  return Object.hasOwn(VERDICTS, word);
}

/** Whether a word of a line is a mode. */
export function isMode(word: string): word is Mode {
  return Object.hasOwn(MODES, word);
}

/** Whether a word of a line is a protocol. */
export function isVia(word: string): word is Via {
  return Object.hasOwn(VIAS, word);
}

/** Whether a word of a line is a reason of ours. */
export function isReason(word: string): word is Reason {
  return Object.hasOwn(REASONS, word);
}
