import {
  actionFlags,
  commandTable,
  macroStages,
  stepFlags,
  type Action,
  type EventName,
  type FilterReply,
  type MessageChange,
  type MtaAgreement,
} from '../../protocols/milter/index.js';
import type { ProbeMoment, ProbeStep, Silence } from './probe-report.js';

/** An agreement in names instead of bits. */
export interface AgreementWords {
  readonly version: number;
  readonly actions: readonly Action[];
  /** Events that are not sent, and those that are sent and not answered. */
  readonly notSent: readonly EventName[];
  readonly notAnswered: readonly EventName[];
  readonly others: readonly string[];
  readonly macros: readonly (readonly [stage: string, symbols: readonly string[]])[];
}

const events = Object.keys(commandTable) as readonly EventName[]; // others have no such flags
const actions = Object.keys(actionFlags) as readonly Action[]; // keys of the table

const otherSteps: readonly (readonly [flag: number, text: string])[] = [
  [stepFlags.skip, 'may say skip'],
  [stepFlags.rejectedRecipients, "sees the MTA's refused recipients"],
  [stepFlags.leadingSpace, 'header values keep their leading blank'],
];

/** Names the bits of an agreement. */
export function wordsOfAgreement(agreement: MtaAgreement): AgreementWords {
  const { version, steps, macroLists } = agreement;
  const isAsked = (flag: number): boolean => (steps & flag) !== 0;
  const notSent = events.filter((name) => isAsked(commandTable[name].suppress));
  return {
    version,
    actions: actions.filter((name) => (agreement.actions & actionFlags[name]) !== 0),
    notSent,
    notAnswered: events.filter(
      (name) => isAsked(commandTable[name].noReply) && !notSent.includes(name),
    ),
    others: otherSteps.filter(([flag]) => isAsked(flag)).map(([, text]) => text),
    macros: macroStages.flatMap((stage) => {
      const symbols = macroLists[stage];
      return symbols === undefined ? [] : [[stage, symbols] as const];
    }),
  };
}

/** How events are called in SMTP, or by milter people where SMTP has no word. */
export const momentNames: Readonly<Record<ProbeMoment | EventName, string>> = {
  negotiate: 'the negotiation',
  connect: 'CONNECT',
  helo: 'HELO',
  mail: 'MAIL',
  rcpt: 'RCPT',
  data: 'DATA',
  message: 'message',
  header: 'header',
  eoh: 'end of header',
  body: 'body',
  eom: 'end of message',
  unknown: 'unknown commands',
  quit: 'QUIT',
};

/** What each action allows. */
export const actionNames: Readonly<Record<Action, string>> = {
  addHeaders: 'add headers',
  changeBody: 'change the body',
  addRecipients: 'add recipients',
  deleteRecipients: 'delete recipients',
  changeHeaders: 'change headers',
  quarantine: 'quarantine',
  changeSender: 'change the sender',
  addRecipientsWithArguments: 'add recipients with arguments',
  requestMacros: 'ask for macros',
};

/** Why there is no answer. */
export function describeSilence(silence: Silence, version: number): string {
  switch (silence) {
    case 'not-sent':
      return 'not sent: the filter does not want to see it';
    case 'not-answered':
      return 'no answer: the filter only listens';
    case 'unknown':
      return `not sent: version ${version} does not have it`;
    case 'settled':
      return 'not sent: the filter has said all it wants to';
  }
}

/** An answer in lines: those of a custom reply, or one that says what the answer means. */
export function describeReply(event: ProbeStep['event'], reply: FilterReply): readonly string[] {
  const whole = event === 'connect' || event === 'helo' ? 'session' : 'message';
  switch (reply.kind) {
    case 'continue':
      return ['continue'];
    case 'accept':
      return [`accept: the whole ${whole} passes, unseen from here on`];
    case 'reject':
      return ["reject: 5xx in the MTA's words"];
    case 'tempfail':
      return ["tempfail: 4xx in the MTA's words"];
    case 'discard':
      return ['discard: the client sees success, and the whole message is thrown away'];
    case 'skip':
      return ['skip'];
    case 'replycode':
      return describeCustomReply(reply);
  }
}

function describeCustomReply(reply: FilterReply & { kind: 'replycode' }): readonly string[] {
  const { code, enhanced, lines } = reply;
  return lines.map((line, index) => {
    const mark = index === lines.length - 1 ? ' ' : '-';
    return `${code}${mark}${enhanced === undefined ? '' : `${enhanced} `}${line}`;
  });
}

/** A change that the filter wants, as a line. */
export function describeChange(change: MessageChange): string {
  switch (change.kind) {
    case 'addHeader':
      return `add header ${change.name}: ${change.value.trimStart()}`;
    case 'insertHeader':
      return `insert header ${change.name}: ${change.value.trimStart()} (position ${change.index})`;
    case 'changeHeader':
      return change.value === ''
        ? `delete header ${change.name} number ${change.index}`
        : `change header ${change.name} number ${change.index} to ${change.value.trimStart()}`;
    case 'changeSender':
      return `change the sender to ${change.address}${withArguments(change.args)}`;
    case 'addRecipient':
      return `add recipient ${change.address}${withArguments(change.args)}`;
    case 'deleteRecipient':
      return `delete recipient ${change.address}`;
    case 'quarantine':
      return `quarantine: ${change.reason}`;
    case 'replaceBody':
      return `replace the body: ${change.chunk.length} bytes`;
  }
}

function withArguments(args: string | undefined): string {
  return args === undefined || args === '' ? '' : ` ${args}`;
}
