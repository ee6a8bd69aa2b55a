import { readLayout, type AttributeLayout } from './attribute-layout.js';
import { PolicyProtocolError } from './errors.js';
import type { PolicyLimits } from './limits.js';
import { PolicyRequest } from './policy-request.js';
import type { RequestFramer } from './request-framer.js';

/** The only kind of request that there is. */
export const requestType = 'smtpd_access_policy';

type ParserLimits = Pick<PolicyLimits, 'attributes' | 'lineBytes'>;

/** Makes requests of what a framer found; one for all connections, since they send the same names. */
export class RequestParser {
  #layout: AttributeLayout | undefined;

  /**
   * Reads the request that `framer.next` has found, which must have been true.
   *
   * @throws PolicyProtocolError POLICY_ATTRIBUTES_TOO_MANY, POLICY_LINE_TOO_LONG,
   *   POLICY_LINE_INVALID, POLICY_NUL, POLICY_REQUEST_UNKNOWN; the next request can still be read
   */
  parse({ buffer, requestStart, lineEnds }: RequestFramer, limits: ParserLimits): PolicyRequest {
    if (lineEnds.length > limits.attributes) {
      const problem = `${lineEnds.length} attributes, limit is ${limits.attributes}`;
      throw new PolicyProtocolError('POLICY_ATTRIBUTES_TOO_MANY', problem);
    }
    const length = lineEnds.at(-1) ?? 0;
    // No line is longer than all of them.
    if (length > limits.lineBytes) checkLines(lineEnds, limits.lineBytes);
    const text = buffer.toString('latin1', requestStart, requestStart + length);
    if (text.includes('\0')) throw new PolicyProtocolError('POLICY_NUL', 'a NUL in a request');
    const isUsual = this.#layout?.matches(buffer, requestStart, lineEnds) === true;
    const layout = isUsual ? this.#layout : readLayout(text, lineEnds);
    if (layout === undefined) {
      throw new PolicyProtocolError('POLICY_LINE_INVALID', 'a line that is not name=value');
    }
    this.#layout = layout;
    const request = new PolicyRequest({ text, lineEnds, layout });
    if (request.get('request') !== requestType) {
      throw new PolicyProtocolError('POLICY_REQUEST_UNKNOWN', `not request=${requestType}`);
    }
    return request;
  }
}

function checkLines(lineEnds: readonly number[], limit: number): void {
  let start = 0;
  for (const end of lineEnds) {
    if (end - start > limit) {
      const problem = `a line of ${end - start} bytes, limit is ${limit}`;
      throw new PolicyProtocolError('POLICY_LINE_TOO_LONG', problem);
    }
    start = end + 1;
  }
}
