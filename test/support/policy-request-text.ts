import { postfixAttributes } from './postfix-attributes.js';

/** Lines and the empty one, written by hand so that no test depends on our own encoder. */
export function rawRequest(lines: readonly string[], lineEnd = '\n'): Buffer {
  return Buffer.from([...lines, ''].map((line) => `${line}${lineEnd}`).join(''), 'utf8');
}

/** A request as Postfix writes it, with other values. */
export function postfixRequest(values: Readonly<Record<string, string>> = {}): Buffer {
  const attributes = Object.entries({ ...postfixAttributes, ...values });
  return rawRequest(attributes.map(([name, value]) => `${name}=${value}`));
}

/** The names that Postfix 3.7 sends, in its order. */
export const postfixNames: readonly string[] = Object.keys(postfixAttributes);
