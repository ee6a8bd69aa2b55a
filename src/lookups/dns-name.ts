import { domainToASCII } from 'node:url';

/** Whether a name can be asked for: by anybody, by nobody, or only not by Node.js. */
export type Askable = 'yes' | 'cannot-exist' | 'not-by-us';

const MAX_NAME_LENGTH = 253;
const MAX_LABEL_LENGTH = 63;

/**
 * Looks at a name that a policy or a client has made up. Node.js takes backslashes for escapes,
 * converts what is not ASCII, and asks for the root instead of a name with a broken A-label; what
 * has such must not be taken for a name that does not exist.
 */
export function isAskable(name: string): Askable {
  if (name.length > MAX_NAME_LENGTH) return 'cannot-exist';
  let labelStart = 0;
  for (let i = 0; i <= name.length; i++) {
    if (i < name.length && name[i] !== '.') continue;
    if (i === labelStart || i - labelStart > MAX_LABEL_LENGTH) return 'cannot-exist';
    labelStart = i + 1;
  }
  if (/[^!-~]|\\/.test(name)) return 'not-by-us';
  return name.includes('xn--') && domainToASCII(name) === '' ? 'not-by-us' : 'yes';
}
