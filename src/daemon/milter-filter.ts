import type { MilterFilter } from '../protocols/milter/index.js';
import { FilterAnswers, type AnswerDependencies } from './filter-answers.js';
import { MilterSession } from './milter-session.js';
import type { Policy } from './policy.js';

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
 * Where greylisting meets the milter protocol: one filter for all sessions of one policy. Only RCPT,
 * DATA and the end of the message are answered; nobody need wait for us before.
 */
export function createMilterFilter(
  policy: Policy,
  dependencies: FilterDependencies,
): MilterFilter<MilterSession> {
  const answers = new FilterAnswers(policy, dependencies);
  const holdsSome = policy.stage === 'data' || policy.probeStage === 'data';
  return {
    macros,
    actions: policy.header === 'never' ? [] : ['addHeaders'],
    open: () => new MilterSession(dependencies.nextSessionId()),
    connect: { observe: (session, event) => session.connect(event) },
    helo: { observe: (session, event) => session.helo(event.name) },
    mail: { observe: (session, event, context) => session.mail(event, context) },
    rcpt: (session, event, context) => answers.rcpt(session, event, context),
    ...(holdsSome && { data: (session, _event, context) => answers.data(session, context) }),
    eom: (session, _event, context) => answers.eom(session, context),
    abort: (session) => session.endMessage(),
    close: (session) => session.endMessage(),
    failed: (session, event, error) => answers.failed(session, event, error),
    late: (session, event) => answers.late(session, event),
  };
}
