import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonFormat } from '../../../src/telemetry/json-format.js';
import { forSyslog } from '../../../src/telemetry/syslog-format.js';
import { textFormat } from '../../../src/telemetry/text-format.js';
import { sampleDecision } from './sample-decision.js';

const at = '2026-11-21T04:55:00.123Z';

test('a line for syslog begins with its severity, and leaves the time to syslog', () => {
  const format = forSyslog(textFormat);
  for (const [level, severity] of [
    ['error', 3],
    ['warn', 4],
    ['info', 6],
    ['debug', 7],
  ] as const) {
    const line = format.message(at, { level, message: 'hello', fields: { port: 25 } });
    assert.equal(line, `<${severity}>${level} hello port=25`);
  }
  const decision = sampleDecision();
  const line = `<6>${textFormat.decision(at, decision).slice(at.length + 1)}`;
  assert.equal(format.decision(at, decision), line);
});

test('JSON keeps its time: the object is read without what syslog puts in front', () => {
  const format = forSyslog(jsonFormat);
  const said = { level: 'warn', message: 'hello', fields: undefined } as const;
  assert.equal(format.message(at, said), `<4>${jsonFormat.message(at, said)}`);
});
