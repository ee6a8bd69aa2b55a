import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PolicyLimits } from '../../../../src/protocols/postfix-policy/limits.js';
import { RequestParser } from '../../../../src/protocols/postfix-policy/request-parser.js';
import { RequestFramer } from '../../../../src/protocols/postfix-policy/request-framer.js';
import { defaultLimits } from '../../../../src/protocols/postfix-policy/limits.js';
import type { PolicyRequest } from '../../../../src/protocols/postfix-policy/policy-request.js';
import { postfixNames, postfixRequest, rawRequest } from '../../../support/policy-request-text.js';
import { cut, readAll, type Found } from './framer-rig.js';

const type = ['request', 'smtpd_access_policy'] as const;
const typeLine = 'request=smtpd_access_policy';

interface Row {
  readonly name: string;
  readonly bytes: Buffer;
  readonly found: readonly Found[];
  readonly limits?: Partial<PolicyLimits>;
}

const rows: readonly Row[] = [
  { name: 'LF', bytes: rawRequest([typeLine, 'a=b']), found: [[type, ['a', 'b']]] },
  { name: 'CR LF', bytes: rawRequest([typeLine, 'a=b'], '\r\n'), found: [[type, ['a', 'b']]] },
  {
    name: 'both mixed',
    bytes: Buffer.from(`${typeLine}\r\na=b\nc=d\r\n\n`),
    found: [[type, ['a', 'b'], ['c', 'd']]],
  },
  {
    name: 'any order, with a value that is empty and one with =',
    bytes: rawRequest(['a=', 'b==c=', typeLine]),
    found: [[['a', ''], ['b', '=c='], type]],
  },
  {
    name: 'an empty value before CR LF',
    bytes: rawRequest(['a=', typeLine], '\r\n'),
    found: [[['a', ''], type]],
  },
  {
    name: 'the last of several values wins',
    bytes: rawRequest(['a=1', typeLine, 'a=2']),
    found: [[['a', '2'], type]],
  },
  {
    name: 'names that are strange',
    bytes: rawRequest([typeLine, 'a b=c', 'ü=d', '__proto__=e']),
    found: [[type, ['a b', 'c'], ['ü', 'd'], ['__proto__', 'e']]],
  },
  {
    name: 'UTF-8, latin-1 and xtext',
    bytes: Buffer.concat([
      Buffer.from(`${typeLine}\nsender=jörg@x\nrecipient=`),
      Buffer.from('j\xf6rg', 'latin1'),
      Buffer.from('\nccert_subject=J+C3+B6rg+20M\nhelo_name=a+20b\n\n'),
    ]),
    found: [
      [
        type,
        ['sender', 'jörg@x'],
        ['recipient', 'jörg'],
        ['ccert_subject', 'Jörg M'],
        ['helo_name', 'a+20b'],
      ],
    ],
  },
  {
    name: 'several requests, also with other names',
    bytes: Buffer.concat([
      rawRequest([typeLine, 'a=1']),
      rawRequest([typeLine, 'a=2']),
      rawRequest([typeLine, 'b=3']),
      rawRequest([typeLine, 'aa=4']),
      rawRequest([typeLine]),
    ]),
    found: [
      [type, ['a', '1']],
      [type, ['a', '2']],
      [type, ['b', '3']],
      [type, ['aa', '4']],
      [type],
    ],
  },
  {
    name: 'a request without its type, and one behind it',
    bytes: Buffer.concat([rawRequest(['a=b']), rawRequest([typeLine])]),
    found: ['POLICY_REQUEST_UNKNOWN', [type]],
  },
  {
    name: 'a request of another type',
    bytes: rawRequest(['request=smtpd_access_policyx']),
    found: ['POLICY_REQUEST_UNKNOWN'],
  },
  { name: 'an empty request', bytes: Buffer.from('\n'), found: ['POLICY_REQUEST_UNKNOWN'] },
  {
    name: 'an empty request, CR LF',
    bytes: Buffer.from('\r\n'),
    found: ['POLICY_REQUEST_UNKNOWN'],
  },
  {
    name: 'a line without =, and a request behind it',
    bytes: Buffer.concat([rawRequest([typeLine, 'garbage', 'a=b']), rawRequest([typeLine])]),
    found: ['POLICY_LINE_INVALID', [type]],
  },
  {
    name: 'a last line without =, and a request behind it',
    bytes: Buffer.concat([rawRequest([typeLine, 'garbage']), rawRequest([typeLine])]),
    found: ['POLICY_LINE_INVALID', [type]],
  },
  {
    name: 'a line with nothing before the =',
    bytes: rawRequest([typeLine, '=x']),
    found: ['POLICY_LINE_INVALID'],
  },
  {
    name: 'a CR that ends no line',
    bytes: rawRequest([typeLine, '\r\r']),
    found: ['POLICY_LINE_INVALID'],
  },
  {
    name: 'a NUL in a value, and a request behind it',
    bytes: Buffer.concat([rawRequest([typeLine, 'a=\0']), rawRequest([typeLine])]),
    found: ['POLICY_NUL', [type]],
  },
  {
    name: 'as many attributes as are allowed',
    bytes: rawRequest([typeLine, 'a=1', 'b=2']),
    found: [[type, ['a', '1'], ['b', '2']]],
    limits: { attributes: 3 },
  },
  {
    name: 'one attribute more, and a request behind it',
    bytes: Buffer.concat([rawRequest([typeLine, 'a=1', 'b=2', 'c=3']), rawRequest([typeLine])]),
    found: ['POLICY_ATTRIBUTES_TOO_MANY', [type]],
    limits: { attributes: 3 },
  },
  {
    name: 'a line as long as is allowed',
    bytes: rawRequest([typeLine, `a=${'x'.repeat(28)}`, 'b=c']),
    found: [[type, ['a', 'x'.repeat(28)], ['b', 'c']]],
    limits: { lineBytes: 30 },
  },
  {
    name: 'a line that is longer, and a request behind it',
    bytes: Buffer.concat([rawRequest([typeLine, `a=${'x'.repeat(29)}`]), rawRequest([typeLine])]),
    found: ['POLICY_LINE_TOO_LONG', [type]],
    limits: { lineBytes: 30 },
  },
  {
    name: 'a request as long as is allowed, and one behind it',
    bytes: Buffer.concat([rawRequest([typeLine, 'a=1234']), rawRequest([typeLine])]),
    found: [[type, ['a', '1234']], [type]],
    limits: { requestBytes: 36 },
  },
  {
    name: 'a request that is one byte longer',
    bytes: Buffer.concat([rawRequest([typeLine, 'a=12345']), rawRequest([typeLine])]),
    found: ['POLICY_REQUEST_TOO_LONG'],
    limits: { requestBytes: 36 },
  },
  {
    name: 'one line without end',
    bytes: Buffer.alloc(37, 'x'),
    found: ['POLICY_REQUEST_TOO_LONG'],
    limits: { requestBytes: 36 },
  },
  { name: 'a request that is incomplete', bytes: Buffer.from(`${typeLine}\n`), found: [] },
];

describe('requests on the wire', () => {
  for (const { name, bytes, found, limits } of rows) {
    test(`${name}: in one piece`, () => assert.deepEqual(readAll([bytes], limits), found));
    test(`${name}: byte by byte`, () => {
      assert.deepEqual(readAll(cut(bytes, [1]), limits), found);
    });
    test(`${name}: in two pieces, wherever they meet`, () => {
      for (let at = 1; at < bytes.length; at++) {
        assert.deepEqual(readAll([...cut(bytes, [at, bytes.length])], limits), found);
      }
    });
    test(`${name}: for a parser that knows other names`, () => {
      const parser = new RequestParser();
      readAll([postfixRequest()], {}, parser);
      assert.deepEqual(readAll([bytes], limits, parser), found);
      assert.deepEqual(readAll([bytes], limits, parser), found);
    });
  }
});

describe('RequestFramer', () => {
  test('keeps no chunk when it has taken all', () => {
    const framer = new RequestFramer(1000);
    framer.push(postfixRequest());
    assert.equal(framer.next(), true);
    assert.equal(framer.next(), false);
    assert.equal(framer.buffer.length, 0);
  });

  test('grows with what arrives', () => {
    const framer = new RequestFramer(100_000);
    for (let bytes = 1; bytes <= 5000; bytes++) {
      framer.push(Buffer.from('x'));
      framer.next();
      assert.equal(framer.bufferedBytes, bytes);
      assert.ok(framer.buffer.length <= Math.max(1024, 2 * bytes + 2));
    }
    framer.clear();
    assert.equal(framer.bufferedBytes, 0);
    assert.equal(framer.buffer.length, 0);
  });

  test('forgets with clear() where it was', () => {
    const framer = new RequestFramer(1000);
    framer.push(Buffer.from('a=b\nc'));
    framer.next();
    framer.clear();
    framer.push(rawRequest([typeLine]));
    assert.equal(framer.next(), true);
    assert.deepEqual(framer.lineEnds, [typeLine.length]);
  });
});

describe('PolicyRequest', () => {
  function parse(bytes: Buffer): PolicyRequest {
    const framer = new RequestFramer(defaultLimits.requestBytes);
    framer.push(bytes);
    assert.equal(framer.next(), true);
    return new RequestParser().parse(framer, defaultLimits);
  }

  test('has what Postfix sends', () => {
    const request = parse(postfixRequest({ queue_id: '4CCA0214534' }));
    assert.deepEqual([...request.attributes.keys()], postfixNames);
    assert.equal(request.get('recipient'), 'bob@example.net');
    assert.equal(request.get('queue_id'), '4CCA0214534');
    assert.equal(request.attributes.get('sender'), request.get('sender'));
    assert.equal(request.attributes, request.attributes);
  });

  test('tells empty from absent', () => {
    const request = parse(rawRequest([typeLine, 'sender=']));
    assert.equal(request.get('sender'), '');
    assert.equal(request.get('recipient'), undefined);
    assert.equal(request.get('toString'), undefined);
  });

  test('says the same however often and in what order it is asked', () => {
    const lines = [typeLine, 'sender=', 'ccert_subject=a+2Bb', 'recipient=bob', 'recipient=böb'];
    const values = { recipient: 'böb', sender: '', ccert_subject: 'a+b', size: undefined };
    const request = parse(rawRequest(lines, '\r\n'));
    for (const names of [Object.entries(values), Object.entries(values).reverse()]) {
      for (const [name, value] of names) assert.equal(request.get(name), value);
    }
    assert.equal(request.attributes.get('recipient'), 'böb');
  });

  test('outlives the buffer that it came in', () => {
    const bytes = postfixRequest();
    const request = parse(bytes);
    bytes.fill(0);
    assert.equal(request.get('sender'), 'alice@sender.example');
  });
});
