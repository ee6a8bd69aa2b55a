import type { Action } from '../rules/rule.js';

const TIMINGS = ['delay', 'retry-window', 'autowhite', 'network'] as const;
const REPLY = ['code', 'enhanced', 'text'] as const;

/** What an action does, and what may be said of it. */
export interface ActionAbout {
  readonly meaning: string;
  /** A line that shows it. */
  readonly example: string;
  /** The settings that do something with it, besides `log`. */
  readonly settings: readonly string[];
}

/** The actions in the order of the reference. */
export const actions: Readonly<Record<Action, ActionAbout>> = {
  greylist: {
    meaning: 'Puts a new triplet off, with timings of its own where the rule has any.',
    example: 'then: greylist',
    settings: [...TIMINGS, ...REPLY, 'stage', 'mode', 'headers'],
  },
  accept: {
    meaning: 'Lets it pass.',
    example: 'then: accept',
    settings: ['stage', 'headers'],
  },
  tempfail: {
    meaning: 'Puts it off, however often it comes back; nothing is remembered.',
    example: 'then: tempfail',
    settings: [...REPLY, 'stage', 'mode'],
  },
  reject: {
    meaning: 'Refuses it for good.',
    example: 'then: reject',
    settings: [...REPLY, 'stage', 'mode'],
  },
  discard: {
    meaning: 'Takes it and delivers it to nobody; for one recipient, the others get theirs.',
    example: 'then: discard',
    settings: ['stage', 'mode'],
  },
  quarantine: {
    meaning: "Takes it into the MTA's quarantine; in `message-rules` alone.",
    example: 'then: quarantine',
    settings: ['text', 'mode', 'headers'],
  },
  continue: {
    meaning: 'Applies its settings to whatever decides later, and goes on.',
    example: 'then: continue',
    settings: [...TIMINGS, 'text', 'stage', 'mode', 'headers'],
  },
};

/** Whether a setting is about how long somebody waits. */
export function isTiming(setting: string): boolean {
  return TIMINGS.some((timing) => timing === setting);
}
