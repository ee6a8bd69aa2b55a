import type { PolicyAction } from './actions.js';
import type { PolicyRequest } from './policy-request.js';

/**
 * Answers requests.
 *
 * @typeParam Session what the service keeps for a connection, since Postfix sends all requests of
 *   one SMTP session over the same one
 */
export interface PolicyService<Session> {
  /**
   * Answers one request. The next one of the connection waits until this one is answered; an
   * answer that is there at once costs no promise.
   *
   * @param allowMore lets this answer take so many milliseconds more than the limit, for who makes a
   *   client wait on purpose; Postfix has a limit of its own
   */
  answer(
    request: PolicyRequest,
    session: Session,
    allowMore: (ms: number) => void,
  ): PolicyAction | Promise<PolicyAction>;
  /**
   * What is said when `answer` threw or rejected, or gave what is no action.
   *
   * @param session undefined if none could be made
   */
  failed(request: PolicyRequest, error: unknown, session: Session | undefined): PolicyAction;
  /** What is said when there is no answer within the limit; a later one is dropped. */
  late(request: PolicyRequest, session: Session | undefined): PolicyAction;
}
