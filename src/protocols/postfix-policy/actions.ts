import { PolicyProtocolError } from './errors.js';

/** What Postfix is to do, as in access(5): one line of printable ASCII. */
export type PolicyAction = string;

/**
 * RFC 5321 section 4.5.3.1.5 allows a reply line of 512 bytes, and Postfix puts code, address and
 * `Recipient address rejected: ` before our text.
 */
const maxTextLength = 400;
/** RFC 5322 section 2.1.1, without the line's end. */
const maxHeaderLength = 998;

const dunno: PolicyAction = 'DUNNO';

/**
 * Actions by name. Their texts may come from anywhere: line ends and other control characters
 * become blanks, what is not ASCII becomes `?`, and what is too long is cut. There is no OK: it
 * would skip the restrictions that follow, relay protection among them; what passes is DUNNO.
 */
export const actions = {
  /** No objection: the restrictions that follow decide. */
  dunno,
  /** A temporary refusal (450), unless a later restriction refuses for good. */
  deferIfPermit: (text = ''): PolicyAction => say('DEFER_IF_PERMIT', text),
  /** A temporary refusal now. */
  defer: (text = ''): PolicyAction => say('DEFER', text),
  /** A refusal for good. */
  reject: (text = ''): PolicyAction => say('REJECT', text),
  /** Accepts the whole message and drops it. */
  discard: (text = ''): PolicyAction => say('DISCARD', text),
  /** Puts the whole message on hold. */
  hold: (text = ''): PolicyAction => say('HOLD', text),
  /** Writes the text into Postfix's log, as a warning. */
  warn: (text = ''): PolicyAction => say('WARN', text),
  /**
   * A refusal with a code of one's own.
   *
   * @param code 400 to 599
   * @throws PolicyProtocolError POLICY_ACTION_INVALID for another code
   */
  code: (code: number, text = ''): PolicyAction => {
    if (Number.isInteger(code) && code >= 400 && code <= 599) return say(String(code), text);
    throw new PolicyProtocolError('POLICY_ACTION_INVALID', `${code} is no code of a refusal`);
  },
  /**
   * A header before those of the message; it passes otherwise.
   *
   * @throws PolicyProtocolError POLICY_ACTION_INVALID for what is no header name
   */
  prepend: (header: string, value: string): PolicyAction => {
    if (!/^[!-9;-~]+$/.test(header)) {
      throw new PolicyProtocolError('POLICY_ACTION_INVALID', 'not the name of a header');
    }
    const line = `${header}: ${clean(value)}`;
    return `PREPEND ${line.slice(0, maxHeaderLength)}`;
  },
  /**
   * Any other word of access(5), or a code, as a setting says it: `DEFER_IF_PERMIT`, `450`.
   *
   * @throws PolicyProtocolError POLICY_ACTION_INVALID for what is neither
   */
  other: (word: string, text = ''): PolicyAction => {
    if (/^[A-Za-z_]+$|^[45]\d\d$/.test(word)) return say(word, text);
    throw new PolicyProtocolError('POLICY_ACTION_INVALID', 'not an action of access(5)');
  },
} as const;

function say(word: string, text: string): PolicyAction {
  const cleaned = clean(text).slice(0, maxTextLength);
  return cleaned === '' ? word : `${word} ${cleaned}`;
}

function clean(text: string): string {
  if (/^[!-~](?:[ -~]*[!-~])?$/.test(text)) return text;
  return text
    .replace(/[\0-\x1f\x7f]+/g, ' ')
    .replace(/[^ -~]/gu, '?')
    .trim();
}
