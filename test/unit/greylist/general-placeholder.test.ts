import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { macrosOf } from '../../../src/greylist/general-placeholder.js';
import type { TemplateContext } from '../../../src/greylist/template-context.js';
import {
  parseLineTemplate,
  parsePlainTemplate,
  renderLineTemplate,
  renderPlainTemplate,
} from '../../../src/greylist/text-template.js';
import { parseEnvelopeAddress } from '../../../src/mail/envelope-address.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import { createAttempt } from '../../support/rule-parts.js';

const macros: Readonly<Record<string, string>> = {
  j: 'mx.example.org',
  '{if_addr}': 'IPv6:2001:db8::25',
  '{auth_type}': 'PLAIN',
};

const context: TemplateContext = {
  attempt: createAttempt({ login: 'joe' }),
  now: Date.UTC(2026, 10, 21, 3, 6, 22),
  timeZone: () => 'UTC',
  version: '1.2.3',
  host: 'filter.example',
  tripletSender: 'sender@client.example',
  macro: (symbol) => macros[symbol],
  found: new Map([['country', 'FR']]),
  properties: new Map([['quota', ['1', '2']]]),
  groups: () => ['first', 'second'],
  rule: { name: 'slow', line: 12 },
  elapsedMs: 3_723_000,
  remainingMs: 90_061_000,
  decision: { verdict: 'tempfail', reason: 'greylist-new' },
  reply: { code: 451, enhanced: '4.7.1', text: 'later', report: 'not delayed' },
};

const nothing: TemplateContext = {
  attempt: createAttempt({
    clientAddress: undefined,
    clientName: undefined,
    helo: undefined,
    sender: parseEnvelopeAddress('<>'),
    recipient: parseEnvelopeAddress('<postmaster>'),
  }),
  now: 0,
  timeZone: () => 'UTC',
  version: '1.2.3',
  host: 'filter.example',
  macro: () => undefined,
};

function render(text: string, shown: TemplateContext = context): string {
  const parsed = parsePlainTemplate(text);
  assert.ok('ok' in parsed, JSON.stringify(parsed));
  return renderPlainTemplate(parsed.ok, shown);
}

describe('placeholders of any text', () => {
  for (const [text, expected, without] of [
    [
      '{sender}|{sender-local-part}|{sender-site}',
      'sender@client.example|sender|client.example',
      '||',
    ],
    [
      '{triplet-sender}|{triplet-sender-local-part}|{triplet-sender-site}',
      'sender@client.example|sender|client.example',
      '||',
    ],
    [
      '{recipient}|{recipient-local-part}|{recipient-site}',
      'user@local.example|user|local.example',
      'postmaster|postmaster|postmaster',
    ],
    ['{client-address}|{client-reversed}', '203.0.113.7|7.113.0.203', '|'],
    [
      '{client-masked:24}|{client-masked:0}|{client-masked:128}',
      '203.0.113.0|0.0.0.0|203.0.113.7',
      '||',
    ],
    [
      '{client-name}|{client-name-first}|{client-name-rest}',
      'mail.client.example|mail|client.example',
      '||',
    ],
    ['{helo}|{login}|{queue-id}', 'mail.client.example|joe|4Fq2', '||4Fq2'],
    ['{mta-host}|{local-address}', 'mx.example.org|2001:db8::25', 'filter.example|0.0.0.0'],
    ['{macro:auth_type}|{macro:{auth_type|{macro:j}', undefined, undefined],
    ['{macro:auth_type}|{macro:j}', 'PLAIN|mx.example.org', '|'],
    ['{property:Quota}|{found:country}|{group:2}', '2|FR|second', '||'],
    ['{code}|{enhanced}|{reply}|{report}', '451|4.7.1|later|not delayed', '|||'],
    ['{verdict}|{reason}', 'tempfail|greylist-new', '|'],
    ['{rule}|{rule-line}', 'slow|12', '|(none)'],
    ['{elapsed}|{elapsed-total}', '01:02:03|3723', '00:00:00|0'],
    ['{elapsed-hours}|{elapsed-minutes}|{elapsed-seconds}', '1|2|3', '0|0|0'],
    ['{remaining}|{remaining-total}', '25:01:01|90061', '00:00:00|0'],
    ['{remaining-hours}|{remaining-minutes}|{remaining-seconds}', '25|1|1', '0|0|0'],
    ['{time:%H:%M}|{utc-offset}|{version}', '03:06|+0000|1.2.3', '00:00|+0000|1.2.3'],
    ['{date}', 'Sat, 21 Nov 2026 03:06:22 +0000', 'Thu, 01 Jan 1970 00:00:00 +0000'],
    [
      '{version-line}',
      'greymilter-1.2.3 (mx.example.org [2001:db8::25]); Sat, 21 Nov 2026 03:06:22 +0000 (UTC)',
      'greymilter-1.2.3 (filter.example [0.0.0.0]); Thu, 01 Jan 1970 00:00:00 +0000 (UTC)',
    ],
  ] as const)
    test(text, () => {
      if (expected === undefined) {
        assert.ok('problem' in parsePlainTemplate(text));
        return;
      }
      assert.equal(render(text), expected);
      assert.equal(render(text, nothing), without);
    });

  test('a client without a name is its address', () => {
    const clientAddress = parseIpAddress('2001:db8::7');
    const shown = { ...context, attempt: createAttempt({ clientName: undefined, clientAddress }) };
    assert.equal(render('{client-name} {client-reversed}', shown), '[2001:db8::7] 2001:db8::7');
    assert.equal(render('{client-masked:32}', shown), '2001:db8::');
  });

  test('what is none, or has a wrong part behind its colon, is refused', () => {
    for (const [text, problem, hint] of [
      ['{nobody}', 'has an unknown placeholder {nobody}', 'there are {sender}, {helo} and others'],
      [
        '{nobody:x}',
        'has an unknown placeholder {nobody:x}',
        'there are {sender}, {helo} and others',
      ],
      ['{macro:a b}', 'has a wrong placeholder {macro:a b}', 'write it as in {macro:auth_type}'],
      ['{group:0}', 'has a wrong placeholder {group:0}', 'write it as in {group:1}'],
    ] as const) {
      assert.deepEqual(parsePlainTemplate(text), { problem, hint });
    }
  });

  test('macros that are shown are asked for', () => {
    const parsed = parsePlainTemplate('{helo} {macro:j} {macro:auth_type} {macro:{if_addr} x');
    assert.ok('problem' in parsed);
    const fine = parsePlainTemplate('{helo} {macro:j} {macro:auth_type}');
    assert.ok('ok' in fine);
    assert.deepEqual(macrosOf([...fine.ok.placeholders, 'wait']), ['j', '{auth_type}']);
  });
});

describe('what values bring from outside', () => {
  const evil = { ...context, attempt: createAttempt({ helo: 'a\r\nb\u2028c\0\ud800é' }) };

  test('never begins a line, in a text of several lines', () => {
    assert.equal(render('x\n{helo}\n', evil), 'x\na??b?c??é\n');
  });

  test('is printable ASCII in a header, and no longer than there is room', () => {
    const line = (text: string, shown: TemplateContext): string => {
      const parsed = parseLineTemplate(text);
      assert.ok('ok' in parsed);
      return renderLineTemplate(parsed.ok, shown);
    };
    assert.equal(line('{helo}', evil), 'a??b?c???');
    const long = { ...context, attempt: createAttempt({ helo: 'x'.repeat(5000) }) };
    assert.equal(line('{helo}', long).length, 932);
    assert.equal(line('{helo}{helo}{helo}', long).length, 930);
  });

  test('a line that has no room for its values is refused', () => {
    assert.deepEqual(parseLineTemplate(`${'x'.repeat(920)}{helo}`), {
      problem: 'may become 944 bytes long',
      hint: 'a line of a header holds 932: shorten it',
    });
  });
});
