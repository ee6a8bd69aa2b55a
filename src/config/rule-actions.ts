import type { Action } from '../rules/rule.js';

const TIMINGS = ['delay', 'retry-window', 'autowhite', 'network'] as const;
const REPLY = ['code', 'enhanced', 'text'] as const;
/** What becomes of mail that passes. */
const MAIL = ['headers', 'report', 'subject-tag', 'footer'] as const;

/** What an action does, and what may be said of it. */
export interface ActionAbout {
  readonly meaning: string;
  /** A rule that shows it. */
  readonly example: string;
  /** The settings that do something with it, besides `log`, and besides what it does at once. */
  readonly settings: readonly string[];
}

/** The actions in the order of the reference. */
export const actions: Readonly<Record<Action, ActionAbout>> = {
  greylist: {
    meaning: 'Puts a new triplet off, with timings of its own where the rule has any.',
    example: '{then: greylist, delay: 30m, retry-window: 3d}',
    settings: [...TIMINGS, ...REPLY, 'stage', 'mode', ...MAIL],
  },
  accept: {
    meaning: 'Lets it pass.',
    example: '{when: {recipient: abuse@}, then: accept}',
    settings: ['stage', ...MAIL],
  },
  tempfail: {
    meaning: 'Puts it off, however often it comes back; nothing is remembered.',
    example: '{then: tempfail, text: Too much at once}',
    settings: [...REPLY, 'stage', 'mode'],
  },
  reject: {
    meaning: 'Refuses it for good.',
    example: '{then: reject, code: 550, enhanced: 5.7.1}',
    settings: [...REPLY, 'stage', 'mode'],
  },
  discard: {
    meaning: 'Takes it and delivers it to nobody; for one recipient, the others get theirs.',
    example: '{when: {recipient: noreply@}, then: discard}',
    settings: ['stage', 'mode'],
  },
  quarantine: {
    meaning: "Takes it into the MTA's quarantine; in `message-rules` alone.",
    example: "{when: {header: {X-Spam-Flag: 'YES'}}, then: quarantine, text: Marked as spam}",
    settings: ['text', 'mode', ...MAIL],
  },
  continue: {
    meaning: 'Applies its settings to whatever decides later, and goes on.',
    example: '{when: {client-name: missing}, then: continue, delay: 15m}',
    settings: [...TIMINGS, ...REPLY, 'stage', 'mode', ...MAIL],
  },
};

/** Whether a setting changes mail that passes. */
export function isOfMail(setting: string): boolean {
  return MAIL.some((known) => known === setting);
}

/** Whether a setting is about how long somebody waits. */
export function isTiming(setting: string): boolean {
  return TIMINGS.some((timing) => timing === setting);
}
