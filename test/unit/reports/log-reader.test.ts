import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decide, type Decision, type Finding, type Mode } from '../../../src/greylist/decision.js';
import { parseEnvelopeAddress } from '../../../src/mail/envelope-address.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import { LogReader, noLines } from '../../../src/reports/log-reader.js';
import type { LoggedDecision } from '../../../src/reports/logged-decision.js';
import { namedZone } from '../../../src/reports/zone.js';
import { jsonFormat } from '../../../src/telemetry/json-format.js';
import { milterGreylistFormat } from '../../../src/telemetry/milter-greylist-format.js';
import { postgreyFormat } from '../../../src/telemetry/postgrey-format.js';
import { forSyslog } from '../../../src/telemetry/syslog-format.js';
import { textFormat } from '../../../src/telemetry/text-format.js';

const at = Date.parse('2026-11-20T10:00:00Z');
const stamp = '2026-11-20T10:00:00.000Z';
const syslog = 'Nov 20 10:00:00 mx greymilter[7]: ';

function reader() {
  const counts = noLines();
  const zone = namedZone('UTC');
  const options = { zone, until: at, greylistText: /Greylisted/ };
  return { counts, reader: new LogReader(options, counts) };
}

function read(line: string): LoggedDecision | undefined {
  return reader().reader.read(line);
}

function decision(finding: Finding, mode: Mode = 'enforce', more: object = {}): Decision {
  const attempt = {
    id: '4QX',
    via: 'milter' as const,
    clientAddress: parseIpAddress('2001:db8::25'),
    clientPort: 25,
    clientName: 'mx.sender.example',
    helo: 'helo.example',
    sender: parseEnvelopeAddress('<joe+a=b@sender.example>'),
    recipient: parseEnvelopeAddress('<ann@local.example>'),
    login: undefined,
    daemonName: undefined,
    accessMap: undefined,
    ...more,
  };
  return decide(finding, { attempt, stage: 'rcpt', mode, rule: 'my rule', at, tookUs: 5 });
}

const fresh = decision({
  verdict: 'tempfail',
  reason: 'greylist-new',
  waitMs: 180_000,
  attempts: 1,
});
const early = decision({
  verdict: 'tempfail',
  reason: 'greylist-early',
  waitMs: 1000,
  attempts: 2,
});
const late = decision({
  verdict: 'accept',
  reason: 'greylist-passed',
  delayedMs: 312_400,
  attempts: 3,
  identity: 'spf',
});
const known = decision({
  verdict: 'accept',
  reason: 'greylist-known',
  delayedMs: 0,
  attempts: 4,
});
const shadowed = decision(
  { verdict: 'tempfail', reason: 'greylist-new', waitMs: 180_000, attempts: 1 },
  'shadow',
);
const refused = decision({ verdict: 'reject', reason: 'rule', attempts: undefined });
const strange = decision(
  { verdict: 'accept', reason: 'rule', delayedMs: undefined, attempts: undefined },
  'enforce',
  { sender: parseEnvelopeAddress(''), clientName: undefined, helo: 'a "b" =c\\ ü' },
);

/** What is the same in all formats. */
function gist(read: LoggedDecision | undefined) {
  if (read === undefined) return undefined;
  const { verdict, would, mode, client, name, from, to } = read;
  return { at: read.at, verdict, would, mode, client, name, from, to };
}

function gistOf({ attempt, verdict, would, mode }: Decision) {
  const { clientAddress, clientName: name, sender, recipient } = attempt;
  const parties = { client: clientAddress?.text, name, from: sender.text, to: recipient.text };
  return { at, verdict, would, mode, ...parties };
}

describe('our own lines', () => {
  const syslogged = (line: string): string => syslog + line.replace(/^<\d>/, '');
  for (const [name, write] of [
    ['text', (made: Decision) => textFormat.decision(stamp, made)],
    ['JSON', (made: Decision) => jsonFormat.decision(stamp, made)],
    ['text by syslog', (made: Decision) => syslogged(forSyslog(textFormat).decision(stamp, made))],
    ['JSON by syslog', (made: Decision) => syslogged(forSyslog(jsonFormat).decision(stamp, made))],
    ['text in a journal', (made: Decision) => syslog + textFormat.decision(stamp, made)],
    [
      'JSON in a journal in JSON',
      (made: Decision) =>
        JSON.stringify({
          __REALTIME_TIMESTAMP: String(at * 1000),
          MESSAGE: jsonFormat.decision(stamp, made),
        }),
    ],
    [
      'text in a journal in JSON, as bytes',
      (made: Decision) =>
        JSON.stringify({
          __REALTIME_TIMESTAMP: String(at * 1000),
          MESSAGE: [...Buffer.from(textFormat.decision(stamp, made))],
        }),
    ],
  ] as const) {
    test(name, () => {
      for (const made of [fresh, early, late, shadowed, refused, strange]) {
        const found = read(write(made)) ?? assert.fail(write(made));
        assert.deepEqual(gist(found), gistOf(made), write(made));
        const { helo, rule, reason, identity } = found;
        assert.deepEqual(
          { helo, rule, reason, identity },
          {
            helo: made.attempt.helo,
            rule: 'my rule',
            reason: made.reason,
            identity: made.identity,
          },
        );
      }
      assert.equal(read(write(late))?.delayedS, 312);
    });
  }

  test("in Postgrey's style", () => {
    for (const made of [fresh, early, late, shadowed, refused, strange]) {
      const line = syslog + postgreyFormat.decision(stamp, made);
      assert.deepEqual(gist(read(line)), gistOf(made), line);
      assert.equal(read(line)?.reason, made.reason);
    }
  });

  test("in milter-greylist's style", () => {
    for (const made of [fresh, early, shadowed, refused]) {
      const line = syslog + milterGreylistFormat.decision(stamp, made);
      // It cuts what looks like a VERP.
      assert.deepEqual(gist(read(line)), { ...gistOf(made), from: 'b@sender.example' }, line);
    }
    // These two have no name.
    const without = { name: undefined, from: 'b@sender.example' };
    for (const made of [late, known]) {
      const line = syslog + milterGreylistFormat.decision(stamp, made);
      assert.deepEqual(gist(read(line)), { ...gistOf(made), ...without }, line);
    }
  });
});

test('our lines say over which protocol the filter was asked', () => {
  const line = `${stamp} info verdict=accept reason=rule id=4QX from=<> to=<c@d> via=`;
  assert.deepEqual(
    ['policy', 'milter', 'pigeon'].map((via) => read(`${line}${via}`)?.via),
    ['policy', 'milter', undefined],
  );
});

describe("others' lines", () => {
  const head = 'Nov 20 10:00:00 mx postgrey[7]: ';
  const client = 'client_name=mx.a.example, client_address=192.0.2.1/32';
  for (const [name, body, expected] of [
    [
      'a first one',
      `action=greylist, reason=new, ${client}, sender=a@b.example, recipient=c@d`,
      'greylist-new',
    ],
    [
      'an early one',
      `4QX: action=greylist, reason=early-retry (3s missing), ${client}, recipient=c@d`,
      'greylist-early',
    ],
    [
      'a pass',
      `action=pass, reason=triplet found, delay=309, ${client}, recipient=c@d`,
      'greylist-passed',
    ],
    [
      'a later one',
      `action=pass, reason=triplet found, ${client}, sender=a@b, recipient=c@d`,
      'greylist-known',
    ],
    [
      'an AWL',
      `action=pass, reason=client AWL, ${client}, sender=a@b, recipient=c@d`,
      'client-autowhite',
    ],
    [
      'a whitelist',
      `action=pass, reason=client whitelist, ${client}, sender=a@b, recipient=c@d `,
      'rule',
    ],
    [
      'a reason of ours',
      `action=pass, reason=trusted, ${client}, sender=a@b, recipient=c@d`,
      'trusted',
    ],
  ] as const) {
    test(`of Postgrey: ${name}`, () => {
      const found = read(head + body);
      assert.equal(found?.reason, expected);
      assert.deepEqual([found.client, found.name, found.to], ['192.0.2.1', 'mx.a.example', 'c@d']);
    });
  }

  test('a sender that looks like fields is a sender', () => {
    const from =
      '"x, action=pass, reason=client AWL, client_address=1.1.1.1, recipient=y@z"@b.example';
    const found = read(
      `${head}action=greylist, reason=new, ${client}, sender=${from}, recipient=c@d`,
    );
    assert.deepEqual([found?.verdict, found?.client, found?.to], ['tempfail', '192.0.2.1', 'c@d']);
  });

  test('percent signs are what they were, and our escapes what they stand for', () => {
    const parties = 'sender=100%%x\\x2cy\\x{1f600}\\x{ffffff}@y.example, recipient=c@d';
    assert.equal(
      read(`${head}action=greylist, reason=new, ${client}, ${parties}`)?.from,
      '100%x,y\u{1f600}\\x{ffffff}@y.example',
    );
  });

  test('a client that is no address has none', () => {
    const found = read(
      `${head}action=pass, reason=triplet found, client_address=unknown, recipient=c@d`,
    );
    assert.deepEqual([found?.client, found?.name], [undefined, undefined]);
  });

  const rejected =
    'NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 450 4.2.0 <c@d>: Recipient address rejected: Greylisted, see x; from=<> to=<c@d> proto=ESMTP helo=<h>';
  test('of Postfix', () => {
    const found = read(`Nov 20 10:00:00 mx postfix/smtpd[7]: ${rejected}`);
    assert.deepEqual(
      { ...found, at: 0 },
      {
        ...{ at: 0, voice: 'postfix', verdict: 'tempfail', would: 'tempfail', mode: 'enforce' },
        ...{
          reason: 'greylist',
          id: '',
          via: undefined,
          client: '192.0.2.1',
          name: undefined,
          helo: 'h',
        },
        ...{ from: '', to: 'c@d', rule: undefined, identity: undefined, delayedS: undefined },
      },
    );
  });

  test('of Postfix with a milter, a queue id and a port', () => {
    const line = rejected.replace('NOQUEUE: reject', '4QX: milter-reject').replace(']:', ']:4711:');
    assert.equal(read(`Nov 20 10:00:00 mx postfix/smtpd[7]: ${line}`)?.id, '4QX');
  });

  for (const [name, line] of [
    ['another refusal', rejected.replace('Greylisted', 'Sorry')],
    ['one for good', rejected.replace('450 4.2.0', '550 5.7.1')],
    ['one without parties', rejected.replace(/; from.*/, '')],
  ] as const) {
    test(`of Postfix, but ${name}`, () =>
      assert.equal(read(`Nov 20 10:00:00 mx p[7]: ${line}`), undefined));
  }

  for (const [name, body, verdict, reason] of [
    [
      'delayed',
      '4QX: addr [192.0.2.1][192.0.2.1] from <a@b> to <c@d> delayed after DATA phase for 00:30:00 (ACL 12)',
      'tempfail',
      'greylist',
    ],
    [
      'blacklisted',
      '(unknown id): addr mx.e[192.0.2.1] from <a@b> to <c@d> blacklisted (ACL 12)',
      'reject',
      'rule',
    ],
    [
      'known',
      '4QX: addr 192.0.2.1 from <a@b> rcpt <c@d>: autowhitelisted for more 24:00:00',
      'accept',
      'greylist-known',
    ],
    [
      'passed',
      '4QX: created: AUTO 192.0.2.1 from <a@b> to <c@d> valid for 24:00:00',
      'accept',
      'greylist-passed',
    ],
    [
      'passed without an id',
      'created: AUTO 192.0.2.1 from <a@b> to <c@d> valid for 24:00:00',
      'accept',
      'greylist-passed',
    ],
    [
      'passed without a delay',
      'created: 192.0.2.1 from <a@b> to <c@d> delayed for 00:00:00',
      'accept',
      'greylist-passed',
    ],
    [
      'skipped',
      '4QX: skipping greylist because address 192.0.2.1 is whitelisted, (from=<a@b>, rcpt=<c@d>, addr=mx.e[192.0.2.1]) ACL 3',
      'accept',
      'rule',
    ],
    [
      'skipped without a rule',
      '4QX: skipping greylist because of this, (from=<a@b>, rcpt=<c@d>, addr=mx.e[192.0.2.1])',
      'accept',
      'rule',
    ],
  ] as const) {
    test(`of milter-greylist: ${name}`, () => {
      const found = read(`Nov 20 10:00:00 mx milter-greylist: ${body}`);
      assert.deepEqual(
        [found?.verdict, found?.reason, found?.client, found?.from, found?.to],
        [verdict, reason, '192.0.2.1', 'a@b', 'c@d'],
      );
    });
  }

  test('of milter-greylist: let pass by SPF, of no recipient', () => {
    const body = '4QX: Sender IP 192.0.2.1 and address <a@b> are SPF-compliant, bypassing greylist';
    const found = read(`Nov 20 10:00:00 mx milter-greylist: ${body}`);
    assert.deepEqual(
      [found?.verdict, found?.reason, found?.rule, found?.client, found?.from, found?.to],
      ['accept', 'rule', 'spf', '192.0.2.1', 'a@b', ''],
    );
  });
});

describe('what is not understood', () => {
  for (const [kind, line] of [
    ['others', 'Nov 20 10:00:00 mx postfix/smtpd[7]: connect from unknown[192.0.2.1]'],
    ['others', '{"no": "decision"}'],
    ['others', '{"MESSAGE": 5, "time": "x", "reject: ": 1}'],
    ['others', '{"x": "reject: '],
    ['others', 'Nov 20 10:00:00 mx postfix/smtpd[7]: NOQUEUE: reject: x'],
    ['unclear', 'Nov 20 10:00:00 mx postgrey[7]: action=greylist, reason=new'],
    ['unclear', 'Nov 20 10:00:00 mx postgrey[7]: action=fly, reason=new, client_address=192.0.2.1'],
    ['unclear', '2026-11-20T10:00:00.000Z info verdict=accept reason=nonsense'],
    ['unclear', '2026-11-20T10:00:00.000Z info verdict=accept "'],
    ['unclear', '{"time":"2026-11-20T10:00:00.000Z","verdict":"accept","reason":"why"}'],
    ['unclear', '{"time":"some day","verdict":"accept","reason":"rule"}'],
    ['unclear', 'Nov 20 10:00:00 mx g[7]: {"verdict":"accept"'],
    ['undated', 'action=pass, reason=new, client_address=192.0.2.1, recipient=c@d'],
  ] as const) {
    test(`${kind}: ${line}`, () => {
      const { counts, reader: reading } = reader();
      assert.equal(reading.read(line), undefined);
      assert.deepEqual(counts, { ...noLines(), lines: 1, [kind]: 1 });
    });
  }

  test('a value that is no JSON stays as it is', () => {
    const line = `${stamp} info verdict=accept reason=rule from="<\\x>" to=<c@d>`;
    assert.equal(read(line)?.from, '"<\\x>"');
  });

  test('times are found in any line', () => {
    const { reader: reading } = reader();
    assert.equal(reading.timeOf('Nov 20 10:00:00 mx x: y'), at);
    assert.equal(reading.timeOf(`{"__REALTIME_TIMESTAMP":"${at}000"}`), at);
    assert.equal(reading.timeOf(`{"time":"${stamp}"}`), at);
    assert.equal(reading.timeOf('{"time":"x"}'), undefined);
    assert.equal(reading.timeOf('x'), undefined);
  });
});
