import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { Decision, Passing } from '../../../src/greylist/decision.js';
import type { LogFields } from '../../../src/telemetry/logger.js';
import { whitelistRules } from '../../../src/greylist/whitelist-rules.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import { postgreyFormat, withSyslogHead } from '../../../src/telemetry/postgrey-format.js';
import { forSyslog, POSTGREY_SEVERITIES } from '../../../src/telemetry/syslog-format.js';
import { addressOf, SAMPLE_AT, sampleAttempt, sampleDecision } from './sample-decision.js';

const AT = new Date(SAMPLE_AT).toISOString();

function passing(reason: Passing['reason'], changes: Partial<Passing> = {}): Decision {
  const { attempt, stage, mode, rule, at, tookUs } = sampleDecision();
  return {
    ...{ attempt, stage, mode, rule, at, tookUs, reason },
    ...{ verdict: 'accept', would: 'accept', delayedMs: undefined, attempts: undefined },
    ...changes,
  };
}

const line = (decision: Decision): string => postgreyFormat.decision(AT, decision);

const REST =
  'client_name=mail.example.org, client_address=192.0.2.1, sender=a@example.org, recipient=c@example.net';

const NEW = sampleDecision({ id: 's1abc.1' });

describe("a decision in Postgrey's words", () => {
  for (const [what, decision, expected] of [
    ['new, before there is a queue id', NEW, `action=greylist, reason=new, ${REST}`],
    [
      'of a message with a queue id',
      sampleDecision(),
      `4Qxyz1: action=greylist, reason=new, ${REST}`,
    ],
    ['too late', { ...NEW, reason: 'greylist-expired' }, `action=greylist, reason=new, ${REST}`],
    [
      'too early',
      { ...NEW, reason: 'greylist-early', waitMs: 2001 },
      `action=greylist, reason=early-retry (3s missing), ${REST}`,
    ],
    [
      'passed',
      passing('greylist-passed', { delayedMs: 70_999 }),
      `4Qxyz1: action=pass, reason=triplet found, delay=70, ${REST}`,
    ],
    [
      'known',
      passing('greylist-known', { delayedMs: 0 }),
      `4Qxyz1: action=pass, reason=triplet found, ${REST}`,
    ],
    [
      'of a client that is known for its mail',
      passing('client-autowhite'),
      `4Qxyz1: action=pass, reason=client AWL, ${REST}`,
    ],
    ['of a trusted client', passing('trusted'), `4Qxyz1: action=pass, reason=trusted, ${REST}`],
    [
      'put off in shadow mode',
      { ...NEW, verdict: 'accept', mode: 'shadow' },
      `action=pass, reason=new (shadow), ${REST}`,
    ],
  ] as readonly (readonly [string, Decision, string])[])
    test(what, () => assert.equal(line(decision), expected));

  test('says which whitelist a rule stands for, or which rule it is', () => {
    const byRule = (rule: string | undefined): string =>
      line({ ...passing('rule'), rule }).slice(0, 60);
    assert.match(byRule(whitelistRules.clients), /reason=client whitelist, /);
    assert.match(byRule(whitelistRules.recipients), /reason=recipient whitelist, /);
    assert.match(byRule('a, b'), /reason=rule a\\x2c b, /);
    assert.match(byRule(undefined), /reason=rule, /);
  });

  test('has our word for what Postgrey never does', () => {
    const { attempt, stage, mode, at, tookUs } = NEW;
    for (const verdict of ['reject', 'discard', 'quarantine'] as const) {
      const refused = { attempt, stage, mode, at, tookUs, rule: 'r', reason: 'rule' } as const;
      const decision = { ...refused, verdict, would: verdict, attempts: undefined };
      assert.equal(line(decision), `action=${verdict}, reason=rule r, ${REST}`);
    }
  });

  test('leaves out what is empty, and calls a client without a name unknown', () => {
    const attempt = sampleAttempt({
      ...{ clientName: undefined, clientAddress: undefined },
      ...{ sender: addressOf(''), recipient: addressOf('') },
    });
    assert.equal(
      line({ ...NEW, attempt }),
      '4Qxyz1: action=greylist, reason=new, client_name=unknown',
    );
    const clientAddress = parseIpAddress('2001:DB8:0:0::5');
    assert.match(
      line({ ...NEW, attempt: sampleAttempt({ clientAddress }) }),
      /, client_address=2001:db8::5, /,
    );
  });
});

describe('a value that looks like fields', () => {
  for (const [sender, written] of [
    ['100%x=y@example.org', '100%x=y@example.org'],
    ['prvs=123=joe@example.org', 'prvs=123=joe@example.org'],
    ['bücher@example.org', 'bücher@example.org'],
    [
      '"a, action=pass, client_address=1.1.1.1"@x',
      '"a\\x2c\\x20action\\x3dpass\\x2c\\x20client_address\\x3d1.1.1.1"@x',
    ],
    ['recipient=a@x', 'recipient\\x3da@x'],
    ['a\r\nb\\\u200b\u{e0001}@x', 'a\\x0d\\x0ab\\x5c\\x{200b}\\x{e0001}@x'],
  ] as const)
    test(`is made harmless: ${JSON.stringify(sender)}`, () => {
      const decision = sampleDecision({ sender: addressOf(sender), recipient: addressOf('') });
      assert.ok(line(decision).endsWith(`, sender=${written}`), line(decision));
    });

  test('nor can an id: what is none is left out', () =>
    assert.match(line(sampleDecision({ id: 'a: action=pass' })), /^action=greylist, /));
});

describe("a message in Postgrey's words", () => {
  const message = (
    text: string,
    level: 'info' | 'warn' | 'error',
    fields?: { pid: number },
  ): string => postgreyFormat.message(AT, { level, message: text, fields });

  test('is that of Postgrey at start, stop and reload', () => {
    const time = String.raw`\d{4}/\d\d/\d\d-\d\d:\d\d:\d\d`;
    assert.match(
      message('greymilter is starting', 'info', { pid: 17 }),
      new RegExp(`^${time} postgrey \\(type Net::Server::Multiplex\\) starting! pid\\(17\\)$`),
    );
    assert.match(message('greymilter is starting', 'info'), /starting! pid\(0\)$/);
    assert.match(message('stopped', 'info'), new RegExp(`^${time} Server closing!$`));
    assert.equal(
      message('configuration reloaded', 'info'),
      'HUP received: reloading whitelists...',
    );
  });

  test('is that of Postgrey where a client is known by its mail', () => {
    const text = 'client is exempt from now on';
    const told = (fields: LogFields | undefined): string =>
      postgreyFormat.message(AT, { level: 'info', message: text, fields });
    assert.equal(
      told({ client: '192.0.2.1', name: 'mx.example.org', count: 'address' }),
      'whitelisted: mx.example.org[192.0.2.1]',
    );
    assert.equal(told({ client: '192.0.2.1', name: undefined }), 'whitelisted: unknown[192.0.2.1]');
    assert.equal(told(undefined), 'whitelisted: unknown[]');
  });

  test('is ours otherwise, with its weight in front', () => {
    assert.equal(message('ready', 'info', { pid: 1 }), 'ready pid=1');
    assert.equal(message('toString', 'warn'), 'WARNING: toString');
    assert.equal(message('a=b', 'error'), 'ERROR: "a=b"');
    const fields = { a: undefined, b: 'x y' };
    assert.equal(postgreyFormat.message(AT, { level: 'info', message: 'm', fields }), 'm b="x y"');
  });
});

describe('where lines go', () => {
  test('syslog is told that a decision is a notice', () => {
    const format = forSyslog(postgreyFormat, POSTGREY_SEVERITIES);
    assert.equal(format.decision(AT, NEW), `<5>${line(NEW)}`);
  });

  test('a file has what syslog would put in front', () => {
    const format = withSyslogHead(postgreyFormat, { host: 'mx', tag: 'postgrey', pid: 7 });
    const head = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d mx postgrey\[7\]: /;
    assert.match(format.decision(AT, NEW), head);
    assert.equal(format.decision(AT, NEW).replace(head, ''), line(NEW));
    const early = new Date(2026, 1, 3, 4, 5, 6).toISOString();
    const said = { level: 'info', message: 'ready', fields: undefined } as const;
    assert.equal(format.message(early, said), 'Feb  3 04:05:06 mx postgrey[7]: ready');
  });
});
