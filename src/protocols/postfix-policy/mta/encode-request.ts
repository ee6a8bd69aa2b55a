import { PolicyProtocolError } from '../errors.js';
import { isXtext } from '../policy-request.js';
import { requestType } from '../request-parser.js';
import { encodeXtext } from '../text.js';

/** Names and values, in the order in which they are sent; `Object.entries` of an object, or a Map. */
export type Attributes = Iterable<readonly [name: string, value: string]>;

/**
 * A request as Postfix writes it; `request` comes first and need not be given.
 *
 * @throws PolicyProtocolError POLICY_ATTRIBUTE_INVALID for a name or value that cannot be sent
 */
export function encodeRequest(attributes: Attributes): string {
  let lines = '';
  let hasType = false;
  for (const [name, value] of attributes) {
    if (!/^[^=\0\r\n]+$/.test(name) || /[\0\r\n]/.test(value)) {
      const problem = `the attribute ${JSON.stringify(name)} cannot be sent`;
      throw new PolicyProtocolError('POLICY_ATTRIBUTE_INVALID', problem);
    }
    if (name === 'request') hasType = true;
    lines += `${name}=${isXtext(name) ? encodeXtext(value) : value}\n`;
  }
  return hasType ? `${lines}\n` : `request=${requestType}\n${lines}\n`;
}
