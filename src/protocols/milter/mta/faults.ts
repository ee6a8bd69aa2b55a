import { MilterProtocolError, type MilterErrorCode } from '../errors.js';

/**
 * What can be wrong with a custom reply, as specification and MTAs tell it apart. `class`: an enhanced
 * code, or a text, whose first digit is another than the reply's.
 */
export const replyTextFaults = [
  'reply-nul-missing',
  'reply-nul-inside',
  'reply-code',
  'reply-separator',
  'reply-percent',
  'reply-class',
  'reply-continuation',
  'reply-line-end',
  'reply-character',
] as const;

/** A fault of a custom reply's text. */
export type ReplyTextFault = (typeof replyTextFaults)[number];

/** Everything a filter can do wrong that an MTA notices, or ought to. */
export type FilterFault = keyof typeof faultCodes;

/** The error that each fault is, where it is not put up with. */
export const faultCodes = {
  'agreement-short': 'MILTER_AGREEMENT_UNUSABLE',
  'agreement-version-zero': 'MILTER_AGREEMENT_UNUSABLE',
  'agreement-version-one': 'MILTER_AGREEMENT_UNUSABLE',
  'agreement-version-above': 'MILTER_AGREEMENT_UNUSABLE',
  'agreement-version-absurd': 'MILTER_AGREEMENT_UNUSABLE',
  'agreement-actions': 'MILTER_AGREEMENT_EXCEEDS_OFFER',
  'agreement-steps': 'MILTER_AGREEMENT_EXCEEDS_OFFER',
  'macro-lists-cut': 'MILTER_MACRO_LISTS_INVALID',
  'macro-lists-stage': 'MILTER_MACRO_LISTS_INVALID',
  'macro-lists-unannounced': 'MILTER_MACRO_LISTS_INVALID',
  'macro-lists-long': 'MILTER_MACRO_LISTS_INVALID',
  'answer-unexpected': 'MILTER_ANSWER_UNEXPECTED',
  'answer-unknown': 'MILTER_ANSWER_UNKNOWN',
  'verdict-misplaced': 'MILTER_VERDICT_MISPLACED',
  'verdict-forbidden': 'MILTER_VERDICT_MISPLACED',
  'verdict-payload': 'MILTER_VERDICT_WITH_PAYLOAD',
  'reply-nul-missing': 'MILTER_CUSTOM_REPLY_INVALID',
  'reply-nul-inside': 'MILTER_CUSTOM_REPLY_INVALID',
  'reply-code': 'MILTER_CUSTOM_REPLY_INVALID',
  'reply-separator': 'MILTER_CUSTOM_REPLY_INVALID',
  'reply-percent': 'MILTER_CUSTOM_REPLY_INVALID',
  'reply-class': 'MILTER_CUSTOM_REPLY_INVALID',
  'reply-continuation': 'MILTER_CUSTOM_REPLY_INVALID',
  'reply-line-end': 'MILTER_CUSTOM_REPLY_INVALID',
  'reply-character': 'MILTER_CUSTOM_REPLY_INVALID',
  'progress-misplaced': 'MILTER_PROGRESS_MISPLACED',
  'change-misplaced': 'MILTER_CHANGE_MISPLACED',
  'quarantine-misplaced': 'MILTER_CHANGE_MISPLACED',
  'change-not-negotiated': 'MILTER_CHANGE_NOT_NEGOTIATED',
  'change-malformed': 'MILTER_CHANGE_INVALID',
  'body-split': 'MILTER_BODY_NOT_CONTIGUOUS',
} as const satisfies Record<string, MilterErrorCode>;

/** A fault as the error that ends the session. */
export function faultError(fault: FilterFault, detail: string): MilterProtocolError {
  return new MilterProtocolError(faultCodes[fault], `${fault}: ${detail}`);
}
