import type { PolicyRequest } from '../../../../src/protocols/postfix-policy/policy-request.js';
import { PolicyProtocolError } from '../../../../src/protocols/postfix-policy/errors.js';
import {
  defaultLimits,
  type PolicyLimits,
} from '../../../../src/protocols/postfix-policy/limits.js';
import { RequestFramer } from '../../../../src/protocols/postfix-policy/request-framer.js';
import { RequestParser } from '../../../../src/protocols/postfix-policy/request-parser.js';

/** What came of a stream: attributes of each request in their order, or the code of its error. */
export type Found = readonly (readonly [string, string])[] | string;

/** Reads a stream in pieces; ends at an error after which no request can be found. */
export function readAll(
  chunks: readonly Buffer[],
  changed: Partial<PolicyLimits> = {},
  parser = new RequestParser(),
): Found[] {
  const limits = { ...defaultLimits, ...changed };
  const framer = new RequestFramer(limits.requestBytes);
  const found: Found[] = [];
  try {
    for (const chunk of chunks) {
      framer.push(chunk);
      while (framer.next()) found.push(parseOne(() => parser.parse(framer, limits)));
    }
  } catch (error) {
    found.push(codeOf(error));
  }
  return found;
}

function parseOne(parse: () => PolicyRequest): Found {
  try {
    return [...parse().attributes];
  } catch (error) {
    return codeOf(error);
  }
}

/** The code of an error of this layer; any other is thrown again. */
function codeOf(error: unknown): string {
  if (error instanceof PolicyProtocolError) return error.code;
  throw error;
}

/** Cuts after so many bytes each, again and again; each piece has memory of its own. */
export function cut(stream: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < stream.length;) {
    const size = sizes[chunks.length % sizes.length] ?? stream.length;
    chunks.push(Buffer.from(stream.subarray(at, at + size)));
    at += size;
  }
  return chunks;
}
