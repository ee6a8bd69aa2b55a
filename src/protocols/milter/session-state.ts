import { commandTable } from './commands.js';
import type { MilterErrorCode } from './errors.js';
import type { CommandName, EventName } from './events.js';
import type { ReplyKind } from './replies.js';

/**
 * Where a session stands. `start`: nothing negotiated; `negotiated`: no client yet; `ready`: a
 * client, no message; `message`: inside a message; `over`: the MTA was told at CONNECT or HELO that
 * nothing more is wanted of this session.
 */
export type Phase = 'start' | 'negotiated' | 'ready' | 'message' | 'over';

/** What is to be done with a command, before its handler is asked. */
export interface Step {
  readonly next: Phase;
  /**
   * `handle`: ask the handler; `ignore`: nothing is to be said; `continue`: out of order, answered
   * because an MTA that gets no answer stalls; `close`: this connection cannot go on.
   */
  readonly effect: 'handle' | 'ignore' | 'continue' | 'close';
  /** The message that was under way ends here, without a verdict of its own. */
  readonly endsMessage: boolean;
  /** The client is gone: QUIT, QUIT_NC, or a new CONNECT. */
  readonly endsSession: boolean;
  readonly error: MilterErrorCode | undefined;
}

const plain = { endsMessage: false, endsSession: false, error: undefined } as const;
const phases = ['start', 'negotiated', 'ready', 'message', 'over'] as const;

function goTo(next: Phase, effect: Step['effect'], more: Partial<Step> = {}): Step {
  return Object.freeze({ ...plain, next, effect, ...more });
}

const handleIn = mapPhases((phase) => goTo(phase, 'handle'));
const ignoreIn = mapPhases((phase) => goTo(phase, 'ignore'));
const continueIn = mapPhases((phase) => goTo(phase, 'continue'));
const startMessage = goTo('message', 'handle');
const restartMessage = goTo('message', 'handle', { endsMessage: true });
const leaveMessage = goTo('ready', 'handle', { endsMessage: true });
const abortMessage = goTo('ready', 'ignore', { endsMessage: true });
const enterReady = goTo('ready', 'handle');
const reconnect = goTo('ready', 'handle', { endsSession: true });
const reconnectInMessage = goTo('ready', 'handle', { endsMessage: true, endsSession: true });
const quit = mapPhases((phase) =>
  goTo(phase, 'close', { endsMessage: phase === 'message', endsSession: true }),
);
const quitNc = mapPhases((phase) =>
  goTo('negotiated', 'ignore', { endsMessage: phase === 'message', endsSession: true }),
);
const enterNegotiated = goTo('negotiated', 'handle');
const notNegotiated = goTo('start', 'close', { error: 'MILTER_NOT_NEGOTIATED' });
const negotiatedTwice = mapPhases((phase) =>
  goTo(phase, 'close', { error: 'MILTER_NEGOTIATED_TWICE' }),
);

function mapPhases(step: (phase: Phase) => Step): Readonly<Record<Phase, Step>> {
  const [start, negotiated, ready, message, over] = phases;
  return {
    start: step(start),
    negotiated: step(negotiated),
    ready: step(ready),
    message: step(message),
    over: step(over),
  };
}

/**
 * The state machine of a filter, driven by what arrives and not by an expected order. Pure, and
 * without allocation.
 *
 * - MAIL starts a new message, whether or not an ABORT ended the one before (Sendmail sends none
 *   after NR_MAIL); HELO inside a message ends it; CONNECT resets all but the negotiation.
 * - A step may be missing because it was suppressed: with NOCONNECT or NOMAIL the next event of the
 *   session stands in for it.
 * - What does not fit is `continue`, and changes nothing.
 *
 * @param suppressed the NO* flags that were agreed on
 */
export function step(phase: Phase, command: CommandName, suppressed: number): Step {
  if (phase === 'start') {
    return command === 'negotiate'
      ? enterNegotiated
      : command === 'quit'
        ? quit.start
        : notNegotiated;
  }
  switch (command) {
    case 'negotiate':
      return negotiatedTwice[phase];
    case 'macro':
      return ignoreIn[phase];
    case 'quit':
      return quit[phase];
    case 'quitNc':
      return quitNc[phase];
    case 'abort':
      return phase === 'message' ? abortMessage : ignoreIn[phase];
    case 'connect':
      if (phase === 'message') return reconnectInMessage;
      return phase === 'negotiated' ? enterReady : reconnect;
    case 'helo':
    case 'mail':
    case 'unknown':
    case 'rcpt':
    case 'data':
    case 'header':
    case 'eoh':
    case 'body':
    case 'eom':
      return stepWithClient(phase, command, suppressed);
  }
}

function stepWithClient(
  phase: Exclude<Phase, 'start'>,
  command: Exclude<EventName, 'connect'>,
  suppressed: number,
): Step {
  if (phase === 'over') return continueIn.over;
  if (phase === 'negotiated' && (suppressed & commandTable.connect.suppress) === 0) {
    return continueIn.negotiated;
  }
  if (command === 'helo') return phase === 'message' ? leaveMessage : enterReady;
  if (command === 'unknown') return phase === 'message' ? handleIn.message : enterReady;
  if (command === 'mail') return phase === 'message' ? restartMessage : startMessage;
  if (phase === 'message') return handleIn.message;
  return (suppressed & commandTable.mail.suppress) === 0 ? continueIn[phase] : startMessage;
}

/**
 * Where a session stands after the filter's answer. Accept, reject, tempfail, a custom reply and
 * discard end the message, but the three refusals of RCPT end only that recipient, and those of
 * DATA leave the transaction open (DATA may come again). Accept at CONNECT and HELO, and any refusal
 * at CONNECT, end all events of the session in both MTAs.
 */
export function stepAfterReply(phase: Phase, event: EventName, reply: ReplyKind): Phase {
  if (event === 'eom') return phase === 'message' ? 'ready' : phase;
  if (reply === 'continue' || reply === 'skip') return phase;
  switch (event) {
    case 'connect':
      return 'over';
    case 'helo':
      return reply === 'accept' ? 'over' : phase;
    case 'rcpt':
    case 'data':
      return reply === 'accept' || reply === 'discard' ? 'ready' : phase;
    case 'mail':
    case 'header':
    case 'eoh':
    case 'body':
      return 'ready';
    case 'unknown':
      return phase;
  }
}
