import { mtaProfiles, type FilterFault } from '../../protocols/milter/index.js';

/** What a fault is, and what the MTAs make of it. */
interface FaultWords {
  readonly what: string;
  /** Where it is more than "puts up with it" or "drops the filter". */
  readonly postfix?: string;
  readonly sendmail?: string;
}

const asNextAnswer = 'takes it for the answer to the next event';
const nonsense550 = 'tells the client a permanent 550 instead';

/** In words; what the MTAs do is known from recorded conversations (PROTOCOL.md). */
const words: Readonly<Record<FilterFault, FaultWords>> = {
  'agreement-short': { what: 'its answer to the offer is too short' },
  'agreement-version-zero': {
    what: 'it speaks protocol version 0',
    postfix: 'warns, and sends every event',
    sendmail: 'treats it as version 2',
  },
  'agreement-version-one': {
    what: 'it speaks protocol version 1',
    postfix: 'warns, and sends every event',
  },
  'agreement-version-above': { what: 'it answered a version above the one that was offered' },
  'agreement-version-absurd': { what: 'it answered a version that cannot be one' },
  'agreement-actions': { what: 'it wants actions that were not offered' },
  'agreement-steps': { what: 'it wants steps that were not offered' },
  'macro-lists-cut': { what: 'its macro lists end too early' },
  'macro-lists-stage': {
    what: 'it asks for macros of a stage that does not exist',
    postfix: 'skips that list',
    sendmail: 'reads no list behind it',
  },
  'macro-lists-unannounced': { what: 'it sends macro lists without their action bit' },
  'macro-lists-long': {
    what: 'it asks for more than 50 macros of a stage',
    sendmail: 'drops those beyond 50',
  },
  'answer-unexpected': {
    what: 'it answered what must not be answered, or twice',
    postfix: asNextAnswer,
    sendmail: asNextAnswer,
  },
  'answer-unknown': { what: 'it answered with a letter that the protocol does not have' },
  'verdict-misplaced': {
    what: 'its verdict means nothing at this event',
    postfix: 'ignores it, or stops sending some of the events',
    sendmail: 'ignores it, or stops asking this filter',
  },
  'verdict-forbidden': { what: 'it answered "shut down" or "connection failed"' },
  'verdict-payload': { what: 'there are bytes behind a verdict that takes none' },
  'reply-nul-missing': {
    what: 'its reply lacks the NUL at the end',
    postfix: 'may send stray bytes of its memory to the client',
    sendmail: nonsense550,
  },
  'reply-nul-inside': {
    what: 'its reply has a NUL inside',
    postfix: 'cuts the text there; since 2026 drops the filter',
    sendmail: nonsense550,
  },
  'reply-code': { what: 'its reply has no code 4xx or 5xx', sendmail: nonsense550 },
  'reply-separator': {
    what: 'its reply has neither a blank nor a hyphen behind the code',
    sendmail: 'adds an enhanced code of its own',
  },
  'reply-percent': {
    what: 'its reply has a single % (it must be doubled)',
    postfix: 'leaves the % out',
    sendmail: nonsense550,
  },
  'reply-class': {
    what: 'in its reply the enhanced code, or a digit before the text, does not fit the code',
    sendmail: 'passes it on as it is',
  },
  'reply-continuation': {
    what: 'the lines of its reply do not fit together',
    postfix: 'passes it on as it is; since 2026 drops the filter',
    sendmail: 'passes it on as it is',
  },
  'reply-line-end': {
    what: 'the lines of its reply end in LF alone',
    postfix: 'puts up with it; since 2026 drops the filter',
  },
  'reply-character': {
    what: 'its reply is not plain ASCII',
    postfix: 'passes it on as it is',
    sendmail: 'strips the eighth bit',
  },
  'progress-misplaced': { what: 'it reports progress before the end of the message' },
  'change-misplaced': { what: 'it changes the message before its end' },
  'quarantine-misplaced': {
    what: 'it quarantines before the end of the message',
    postfix: 'holds the message, and sends no more of its envelope',
  },
  'change-not-negotiated': {
    what: 'it makes a change that was not agreed on',
    postfix: 'carries it out',
    sendmail: 'carries it out, but refuses the message for a new body',
  },
  'change-malformed': { what: 'a change cannot be read', sendmail: 'ignores what it cannot read' },
  'body-split': { what: 'there are other changes between the parts of a new body' },
};

/** What is wrong, as a sentence about the filter. */
export function describeFault(fault: FilterFault): string {
  return words[fault].what;
}

/** Whether an MTA does without the filter from then on. */
export function isFatal(fault: FilterFault, mta: 'postfix' | 'sendmail'): boolean {
  return !mtaProfiles[mta].tolerates.has(fault);
}

/** What an MTA does about a fault, without its name: "drops the filter". */
export function describeReaction(fault: FilterFault, mta: 'postfix' | 'sendmail'): string {
  if (isFatal(fault, mta)) return 'drops the filter';
  return words[fault][mta] ?? 'puts up with it';
}
