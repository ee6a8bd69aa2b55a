import { macrosOf } from '../../greylist/general-placeholder.js';
import {
  stepFlags,
  type Action,
  type ConnectEvent,
  type MilterContext,
  type MilterFilter,
} from '../../protocols/milter/index.js';
import { BlankContext } from './blank-context.js';
import { EarlyAnswers } from '../answers/early-answers.js';
import { FilterAnswers } from './filter-answers.js';
import { milterForm, type MilterAnswer } from './milter-form.js';
import { MilterSession } from './milter-session.js';
import type { Policy } from '../policy/policy.js';
import type { AnswerDependencies } from '../answers/recipient-answers.js';

/** What a filter works with. */
export interface FilterDependencies extends AnswerDependencies {
  /** A new id for each SMTP session. */
  readonly nextSessionId: () => string;
}

/**
 * What is asked for, so that the MTA's own lists need no editing. A requested list replaces the
 * administrator's, so it holds what rules and users of `{greylist}` expect.
 */
const macros: NonNullable<MilterFilter<unknown>['macros']> = {
  connect: [
    'j',
    '{daemon_name}',
    '{if_addr}',
    '{client_addr}',
    '{client_name}',
    '{client_ptr}',
    '{client_resolve}',
  ],
  helo: ['{verify}', '{cert_subject}', '{cert_issuer}', '{tls_version}', '{cipher}'],
  mail: ['i', '{auth_authen}', '{auth_type}'],
  rcpt: ['{greylist}', '{rcpt_mailer}', '{rcpt_host}', '{rcpt_addr}', 'i'],
  eoh: ['i'],
  eom: ['i'],
};

/**
 * Where greylisting meets the milter protocol: one filter for all sessions of one policy. RCPT, DATA
 * and the end of the message are answered; nobody need wait for us before, and nothing of the message
 * need be sent, unless a rule says so.
 */
export function createMilterFilter(
  policy: Policy,
  dependencies: FilterDependencies,
): MilterFilter<MilterSession> {
  const answers = new FilterAnswers(policy, dependencies);
  const early = new EarlyAnswers(policy, dependencies, milterForm);
  const connect = (session: MilterSession, event: ConnectEvent): void => {
    session.connect(event);
    if (policy.unbracket) session.unbracket(event, dependencies.lookups);
  };
  const answerEarly = async (
    stage: 'connect' | 'helo' | 'mail',
    session: MilterSession,
    context: MilterContext,
  ): Promise<MilterAnswer> => {
    await session.naming;
    return early.answer(stage, {
      attempt: session.earlyAttempt(context),
      context,
      isGone: () => context.gone.aborted,
    });
  };
  const { rules, needs } = policy.program;
  const keptBytes = needs.text ? policy.bodyBytes : undefined;
  const holdsSome =
    policy.stage === 'data' ||
    policy.probeStage === 'data' ||
    rules.some(({ settings }) => settings.stage === 'data');
  const leave = (session: MilterSession): void => {
    answers.leave(session);
    session.endMessage();
  };
  return {
    macros: macrosFor([...needs.macros, ...macrosOfTexts(policy)]),
    leadingSpace: needs.rawHeaders,
    actions: actionsOf(policy),
    open: () => new MilterSession(dependencies.nextSessionId()),
    connect: early.answersAt('connect')
      ? (session, event, context) => {
          connect(session, event);
          return answerEarly('connect', session, context);
        }
      : { observe: connect },
    helo: early.answersAt('helo')
      ? (session, event, context) => {
          session.helo(event.name);
          return answerEarly('helo', session, context);
        }
      : { observe: (session, event) => session.helo(event.name) },
    mail: early.answersAt('mail')
      ? (session, event, context) => {
          session.mail(event, context);
          return answerEarly('mail', session, context);
        }
      : { observe: (session, event, context) => session.mail(event, context) },
    rcpt: (session, event, context) => {
      const answer = () => answers.rcpt(session, event, context);
      return session.naming === undefined ? answer() : session.naming.then(answer);
    },
    ...(holdsSome && { data: (session, _event, context) => answers.data(session, context) }),
    ...(needs.headers && {
      header: {
        observe: (session, event, context) => session.header(event, keepsBlank(context)),
      },
    }),
    ...(needs.body && {
      body: { observe: (session, event) => session.body(event, keptBytes) },
    }),
    eom: (session, _event, context) =>
      answers.eom(session, keepsBlank(context) ? new BlankContext(context) : context),
    abort: (session) => leave(session),
    close: (session) => leave(session),
    failed: (session, event, error) => answers.failed(session, event, error),
    late: (session, event) => answers.late(session, event),
  };
}

/** Whether header values have the blanks before them, and are given with them. */
function keepsBlank({ agreement }: MilterContext): boolean {
  return (agreement.steps & stepFlags.leadingSpace) !== 0;
}

/** What may have to be done at the end of a message. */
function actionsOf({ header, program: { rules, messageRules } }: Policy): readonly Action[] {
  const all = [...rules, ...messageRules];
  const actions: Action[] = [];
  const tags = all.some(({ settings }) => settings.subjectTag !== undefined);
  if (header !== 'never' || tags || all.some(({ settings }) => settings.headers !== undefined)) {
    actions.push('addHeaders');
  }
  if (tags) actions.push('changeHeaders');
  if (all.some(({ settings }) => settings.footer !== undefined)) actions.push('changeBody');
  if (rules.some(({ action }) => action === 'discard')) actions.push('deleteRecipients');
  if (all.some(({ action }) => action === 'quarantine')) actions.push('quarantine');
  return actions;
}

/** Those that texts of the configuration show, beside those of rules. */
function macrosOfTexts({ reply, headerText, activityFormat }: Policy): readonly string[] {
  return [reply.text, headerText.value, activityFormat].flatMap((template) =>
    macrosOf(template?.placeholders ?? []),
  );
}

/** The usual ones, and at RCPT and at the end of the message what rules name. */
function macrosFor(named: readonly string[]): typeof macros {
  const usual = new Set(Object.values(macros).flat());
  const more = named.filter((symbol) => !usual.has(symbol));
  if (more.length === 0) return macros;
  return {
    ...macros,
    connect: [...(macros.connect ?? []), ...more],
    helo: [...(macros.helo ?? []), ...more],
    mail: [...(macros.mail ?? []), ...more],
    rcpt: [...(macros.rcpt ?? []), ...more],
    eoh: [...(macros.eoh ?? []), ...more],
    eom: [...(macros.eom ?? []), ...more],
  };
}
