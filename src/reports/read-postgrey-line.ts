import type { Verdict } from '../greylist/decision.js';
import { whitelistRules } from '../greylist/whitelist-rules.js';
import { clientAddress, clientName } from './bracketed.js';
import { UNTOLD, type LoggedReason, type ToldDecision } from './logged-decision.js';
import { isMode, isReason } from './our-words.js';

/**
 * Postgrey quotes nothing, so a sender may contain whatever looks like a field: what is before it is
 * read from the left, and the recipient from the right.
 */
const LINE =
  /^(?:([A-Za-z0-9]{1,64}): )?action=([a-z]+), reason=(.*?)(?:, delay=(\d+))?(?:, client_name=([^,\s]*))?, client_address=([^,\s]+)(?:, sender=(.*?))?(?:, recipient=((?:(?!, recipient=).)*))?$/;

const ACTIONS: Readonly<Record<string, Verdict>> = {
  greylist: 'tempfail',
  pass: 'accept',
  reject: 'reject',
  discard: 'discard',
  quarantine: 'quarantine',
};

/** What a reason means in our words. */
interface Meaning {
  readonly reason: LoggedReason;
  readonly rule?: string;
}

/** Reads a line of Postgrey, or of ours in its style; undefined if it is no decision. */
export function readPostgreyLine(body: string): ToldDecision | undefined {
  const found = LINE.exec(body.trimEnd());
  if (found === null) return undefined;
  const [, id = '', action = '', said = '', delay, name, address = '', from = '', to = ''] = found;
  const verdict = ACTIONS[action];
  if (verdict === undefined) return undefined;
  const [, word = said, mode = 'enforce'] = /^(.*) \((learn|shadow)\)$/.exec(said) ?? [];
  const meaning = meaningOf(word, delay !== undefined);
  const { reason, rule } = meaning;
  const isOff = reason === 'greylist-new' || reason === 'greylist-early';
  return {
    ...UNTOLD,
    voice: 'postgrey',
    verdict,
    would: isOff ? 'tempfail' : verdict,
    mode: isMode(mode) ? mode : 'enforce',
    reason,
    id,
    client: clientAddress(address),
    name: clientName(name),
    from: unescape(from),
    to: unescape(to),
    rule,
    delayedS: delay === undefined ? undefined : Number(delay),
  };
}

function meaningOf(word: string, hasWaited: boolean): Meaning {
  if (word === 'new') return { reason: 'greylist-new' };
  if (word.startsWith('early-retry')) return { reason: 'greylist-early' };
  if (word === 'triplet found') return { reason: hasWaited ? 'greylist-passed' : 'greylist-known' };
  if (word === 'client AWL') return { reason: 'client-autowhite' };
  if (isReason(word)) return { reason: word };
  const isWhitelist = word === whitelistRules.clients || word === whitelistRules.recipients;
  return { reason: 'rule', rule: isWhitelist ? word : word.replace(/^rule /, '') };
}

/** Percent signs, which Postgrey 1.37 doubles, and what our lines in its style escape. */
function unescape(value: string): string {
  if (!value.includes('%%') && !value.includes('\\x')) return value;
  return value
    .replaceAll('%%', '%')
    .replace(/\\x(?:([0-9a-f]{2})|\{([0-9a-f]{1,6})\})/g, (all, two?: string, more?: string) => {
      const code = Number.parseInt(two ?? more ?? '', 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    });
}
