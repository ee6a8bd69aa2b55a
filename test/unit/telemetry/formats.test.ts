import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Decision, PuttingOff } from '../../../src/greylist/decision.js';
import { MAX_DECISION_VALUE } from '../../../src/telemetry/decision-fields.js';
import { jsonFormat } from '../../../src/telemetry/json-format.js';
import type { LogFields } from '../../../src/telemetry/logger.js';
import { textFormat } from '../../../src/telemetry/text-format.js';
import { addressOf, sampleAttempt, sampleDecision } from './sample-decision.js';

const AT = '2026-11-21T04:55:00.123Z';

const PASSED: Decision = {
  attempt: sampleAttempt({ clientName: undefined, sender: addressOf('') }),
  stage: 'data',
  mode: 'enforce',
  rule: undefined,
  at: 0,
  tookUs: 98.7,
  verdict: 'accept',
  would: 'accept',
  reason: 'greylist-passed',
  delayedMs: 184_999,
  attempts: 2,
};

const LOCAL: Decision = {
  attempt: sampleAttempt({ clientAddress: undefined, clientName: undefined, helo: undefined }),
  stage: 'rcpt',
  mode: 'enforce',
  rule: undefined,
  at: 0,
  tookUs: 5,
  verdict: 'accept',
  would: 'accept',
  reason: 'local',
  delayedMs: undefined,
  attempts: undefined,
};

describe('a decision as text', () => {
  const rows: readonly (readonly [string, Decision, string])[] = [
    [
      'put off',
      sampleDecision(),
      `${AT} info verdict=tempfail reason=greylist-new id=4Qxyz1 client=192.0.2.1 name=mail.example.org helo=mx.example.org from=<a@example.org> to=<c@example.net> wait=180 attempt=1 stage=rcpt via=milter took=123`,
    ],
    [
      'passed, from the null sender',
      PASSED,
      `${AT} info verdict=accept reason=greylist-passed id=4Qxyz1 client=192.0.2.1 helo=mx.example.org from=<> to=<c@example.net> delayed=184 attempt=2 stage=data via=milter took=99`,
    ],
    [
      'of which little is known',
      LOCAL,
      `${AT} info verdict=accept reason=local id=4Qxyz1 client=- from=<a@example.org> to=<c@example.net> stage=rcpt via=milter took=5`,
    ],
    [
      'with hostile values',
      sampleDecision({ helo: 'x from=<y> "', sender: addressOf('a\r\n2026@x') }),
      `${AT} info verdict=tempfail reason=greylist-new id=4Qxyz1 client=192.0.2.1 name=mail.example.org helo="x from=<y> \\"" from="<a\\r\\n2026@x>" to=<c@example.net> wait=180 attempt=1 stage=rcpt via=milter took=123`,
    ],
  ];
  for (const [name, decision, line] of rows) {
    test(name, () => assert.equal(textFormat.decision(AT, decision), line));
  }

  for (const mode of ['learn', 'shadow'] as const) {
    test(`in ${mode} mode: what was said, and what would have been`, () => {
      const letPass: Decision = { ...sampleDecision(), ...wait(90_000), verdict: 'accept', mode };
      assert.match(
        textFormat.decision(AT, letPass),
        new RegExp(
          ` verdict=accept reason=greylist-early .* wait=90 attempt=1 stage=rcpt mode=${mode} would=tempfail via=milter `,
        ),
      );
      assert.match(
        textFormat.decision(AT, { ...PASSED, mode }),
        new RegExp(` verdict=accept .* delayed=184 .* mode=${mode} would=accept via=milter `),
      );
    });
  }

  test('a wait of part of a second is one second', () => {
    const line = textFormat.decision(AT, { ...sampleDecision(), ...wait(1) });
    assert.match(line, / wait=1 /);
    assert.match(textFormat.decision(AT, { ...sampleDecision(), ...wait(1001) }), / wait=2 /);
  });

  test('a wait that nobody knows is left out', () => {
    assert.doesNotMatch(
      textFormat.decision(AT, { ...sampleDecision(), ...wait(undefined) }),
      /wait/,
    );
  });
});

function wait(
  waitMs: number | undefined,
): Pick<PuttingOff, 'verdict' | 'would' | 'reason' | 'waitMs'> {
  return { verdict: 'tempfail', would: 'tempfail', reason: 'greylist-early', waitMs };
}

describe('a decision as JSON', () => {
  test('put off', () => {
    assert.equal(
      jsonFormat.decision(AT, sampleDecision()),
      `{"time":"${AT}","level":"info","verdict":"tempfail","reason":"greylist-new","id":"4Qxyz1","client":"192.0.2.1","name":"mail.example.org","helo":"mx.example.org","from":"<a@example.org>","to":"<c@example.net>","wait":180,"attempt":1,"stage":"rcpt","via":"milter","took":123}`,
    );
  });

  test('of which little is known: client is left out, for columns of addresses', () => {
    assert.equal(
      jsonFormat.decision(AT, LOCAL),
      `{"time":"${AT}","level":"info","verdict":"accept","reason":"local","id":"4Qxyz1","from":"<a@example.org>","to":"<c@example.net>","stage":"rcpt","via":"milter","took":5}`,
    );
  });
});

describe('a line has a bound', () => {
  // One character of three bytes of UTF-8 and six of an escape, everywhere.
  const long = '\u2028'.repeat(1_000_000);
  const decision = sampleDecision({
    id: long,
    clientName: long,
    helo: long,
    sender: addressOf(long),
    recipient: addressOf(long),
  });

  for (const [name, format] of Object.entries({ text: textFormat, json: jsonFormat })) {
    test(`${name}: below journald's 48 KiB`, () => {
      const line = format.decision(AT, decision);
      assert.ok(line.length < 48 * 1024);
      assert.ok(line.length > 5 * 6 * MAX_DECISION_VALUE);
    });
  }
});

describe('a message', () => {
  const fields: LogFields = {
    socket: 'unix:/run/x',
    count: 2,
    share: 0.5,
    again: true,
    unknown: undefined,
    error: 'a b',
  };

  test('as text', () => {
    assert.equal(
      textFormat.message(AT, { level: 'warn', message: 'listening on', fields }),
      `${AT} warn listening on socket=unix:/run/x count=2 share=0.5 again=true error="a b"`,
    );
    assert.equal(
      textFormat.message(AT, { level: 'error', message: 'over', fields: undefined }),
      `${AT} error over`,
    );
  });

  test('as JSON', () => {
    assert.equal(
      jsonFormat.message(AT, { level: 'warn', message: 'listening "on"', fields }),
      `{"time":"${AT}","level":"warn","message":"listening \\"on\\"","socket":"unix:/run/x","count":2,"share":0.5,"again":true,"error":"a b"}`,
    );
    assert.equal(
      jsonFormat.message(AT, { level: 'debug', message: 'over', fields: undefined }),
      `{"time":"${AT}","level":"debug","message":"over"}`,
    );
  });

  test('numbers that JSON does not have are null there', () => {
    const odd: LogFields = { a: Number.NaN, b: Number.POSITIVE_INFINITY };
    assert.equal(
      jsonFormat.message(AT, { level: 'info', message: 'x', fields: odd }),
      `{"time":"${AT}","level":"info","message":"x","a":null,"b":null}`,
    );
    assert.equal(
      textFormat.message(AT, { level: 'info', message: 'x', fields: odd }),
      `${AT} info x a=NaN b=Infinity`,
    );
  });

  test('an endless value is cut', () => {
    const message = {
      level: 'info',
      message: 'y'.repeat(1e6),
      fields: { x: 'x'.repeat(1e6) },
    } as const;
    assert.ok(textFormat.message(AT, message).length < 10_000);
    assert.ok(jsonFormat.message(AT, message).length < 10_000);
  });
});
