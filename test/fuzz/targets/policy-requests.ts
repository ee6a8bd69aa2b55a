import assert from 'node:assert/strict';
import { readFixture } from '../read-fixture.js';
import { PolicyProtocolError } from '../../../src/protocols/postfix-policy/errors.js';
import { encodeRequest } from '../../../src/protocols/postfix-policy/mta/encode-request.js';
import { RequestFramer } from '../../../src/protocols/postfix-policy/request-framer.js';
import { RequestParser } from '../../../src/protocols/postfix-policy/request-parser.js';
import type { FuzzTarget } from '../fuzz-target.js';
import { piecesOf } from '../pieces.js';

const limits = { requestBytes: 4096, attributes: 60, lineBytes: 1000 };

/** Requests of Postfix's policy protocol: cut up as written, and read, or refused by a code. */
export const policyRequests: FuzzTarget = {
  name: 'policy-requests',
  seeds: () => [
    Buffer.from('request=smtpd_access_policy\nsender=a@b\nrecipient=c@d\n\n'),
    ...readFixture('maillog/postfix-3.7-policy-requests.txt')
      .toString('latin1')
      .split(/(?<=\n\n)/)
      .map((text) => Buffer.from(text, 'latin1')),
  ],
  words: [
    '\n',
    '\r\n',
    '\n\n',
    '=',
    'request=smtpd_access_policy\n',
    'ccert_subject=+2',
    '+',
    '\0',
  ],
  maxBytes: 6000,
  run: (input) => {
    const pieces = read(piecesOf(input));
    assert.deepEqual(pieces, read([input]), 'it does not matter how it arrives');
    assert.deepEqual(pieces.requests.length, countRequests(input), 'none is lost');
  },
};

interface Reading {
  readonly requests: readonly string[];
  readonly isEnded: boolean;
}

function read(pieces: Iterable<Buffer>): Reading {
  const framer = new RequestFramer(limits.requestBytes);
  const parser = new RequestParser();
  const requests: string[] = [];
  for (const piece of pieces) {
    framer.push(Buffer.from(piece));
    try {
      while (framer.next()) requests.push(readOne(parser, framer));
    } catch (error) {
      assert.equal(codeOf(error), 'POLICY_REQUEST_TOO_LONG');
      return { requests, isEnded: true };
    }
  }
  return { requests, isEnded: false };
}

function readOne(parser: RequestParser, framer: RequestFramer): string {
  let attributes: ReadonlyMap<string, string>;
  try {
    ({ attributes } = parser.parse(framer, limits));
  } catch (error) {
    return codeOf(error);
  }
  const written = JSON.stringify([...attributes]);
  let text: string;
  try {
    text = encodeRequest(attributes);
  } catch (error) {
    // A bare CR in a value: Postfix sends none, and its encoder would not.
    assert.equal(codeOf(error), 'POLICY_ATTRIBUTE_INVALID');
    return written;
  }
  const again = new RequestFramer(2 * text.length + 64);
  again.push(Buffer.from(text));
  assert.ok(again.next());
  const generous = { attributes: 100, lineBytes: 64 * 1024 };
  assert.equal(JSON.stringify([...new RequestParser().parse(again, generous).attributes]), written);
  return written;
}

/** By the definition alone: a request ends with an empty line. */
function countRequests(input: Buffer): number {
  let requests = 0;
  let bytes = 0;
  for (const line of input.toString('latin1').split('\n').slice(0, -1)) {
    bytes += line.length + 1;
    if (bytes > limits.requestBytes) return requests;
    if (line !== '' && line !== '\r') continue;
    requests += 1;
    bytes = 0;
  }
  return requests;
}

function codeOf(error: unknown): string {
  if (error instanceof PolicyProtocolError) return error.code;
  throw error;
}
