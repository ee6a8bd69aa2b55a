import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { Decision, Passing, PuttingOff } from '../../../src/greylist/decision.js';
import { milterGreylistReasons } from '../../../src/greylist/milter-greylist-reasons.js';
import type { Clause } from '../../../src/greylist/particulars.js';
import { milterGreylistFormat } from '../../../src/telemetry/milter-greylist-format.js';
import { withSyslogHead } from '../../../src/telemetry/postgrey-format.js';
import { forSyslog } from '../../../src/telemetry/syslog-format.js';
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

function waiting(changes: Partial<Decision & PuttingOff>): Decision {
  const { attempt, stage, mode, rule, at, tookUs } = sampleDecision();
  return {
    ...{ attempt, stage, mode, rule, at, tookUs, attempts: 1 },
    ...{ verdict: 'tempfail', would: 'tempfail', reason: 'greylist-new', waitMs: 180_000 },
    ...changes,
  };
}

function allowed(
  clauses: readonly Clause[],
  more: Partial<Pick<Decision, 'stage'>> = {},
): Decision {
  return { ...passing('rule'), rule: '12', particulars: { clauses, country: 'FR' }, ...more };
}

function refusing(
  verdict: 'reject' | 'discard' | 'quarantine',
  stage: Decision['stage'],
): Decision {
  const { attempt, mode, at, tookUs } = sampleDecision();
  const rest = { attempts: undefined, identity: undefined };
  return {
    ...rest,
    attempt,
    stage,
    mode,
    rule: '3',
    at,
    tookUs,
    verdict,
    would: verdict,
    reason: 'rule',
  };
}

const NEW = waiting({});
const line = (decision: Decision): string => milterGreylistFormat.decision(AT, decision);
const PARTIES = 'addr mail.example.org[192.0.2.1] from <a@example.org>';
const TRIPLET = '192.0.2.1 from <a@example.org> to <c@example.net>';
const FACTS = '(from=<a@example.org>, rcpt=<c@example.net>, addr=mail.example.org[192.0.2.1])';

describe("a decision in milter-greylist's words", () => {
  for (const [what, decision, expected] of [
    ['new', NEW, `4Qxyz1: ${PARTIES} to <c@example.net> delayed for 00:03:00 (ACL )`],
    [
      'new by a rule, for more than a day',
      waiting({ rule: '56', waitMs: 90_061_000 }),
      `4Qxyz1: ${PARTIES} to <c@example.net> delayed for 25:01:01 (ACL 56)`,
    ],
    [
      'early, rounded up',
      waiting({ reason: 'greylist-early', waitMs: 1500 }),
      `4Qxyz1: ${PARTIES} to <c@example.net> delayed for 00:00:02 (ACL )`,
    ],
    [
      'behind DATA',
      waiting({ stage: 'eom' }),
      `4Qxyz1: ${PARTIES} to <c@example.net> delayed after DATA phase for 00:03:00 (ACL )`,
    ],
    [
      'before there is a queue id, of a client without a name',
      sampleDecision({ id: 's1abc.1', clientName: undefined }),
      '(unknown id): addr [192.0.2.1][192.0.2.1] from <a@example.org> to <c@example.net> delayed for 00:03:00 (ACL )',
    ],
    [
      'of the null sender',
      sampleDecision({ sender: addressOf('') }),
      '4Qxyz1: addr mail.example.org[192.0.2.1] from <> to <c@example.net> delayed for 00:03:00 (ACL )',
    ],
    [
      'of addresses that would look like something else',
      sampleDecision({
        sender: addressOf('prvs=1=x to <y> delayed\u00e9'),
        recipient: addressOf('"a\nb"@c'),
      }),
      '4Qxyz1: addr mail.example.org[192.0.2.1] from <x_to_<y>_delayed__> to <"a_b"@c> delayed for 00:03:00 (ACL )',
    ],
    [
      'refused',
      refusing('reject', 'rcpt'),
      `4Qxyz1: ${PARTIES} to <c@example.net> blacklisted (ACL 3)`,
    ],
    ['refused as a message', refusing('reject', 'eom'), `4Qxyz1: ${PARTIES} blacklisted (ACL 3)`],
    ['discarded', refusing('discard', 'eom'), `4Qxyz1: ${PARTIES} discarded (ACL 3)`],
    ['quarantined', refusing('quarantine', 'eom'), `4Qxyz1: ${PARTIES} quarantined (ACL 3)`],
    [
      'put off by a rule',
      waiting({ reason: 'rule', waitMs: undefined, rule: '3' }),
      `4Qxyz1: ${PARTIES} to <c@example.net> blacklisted (ACL 3)`,
    ],
    [
      'known',
      passing('greylist-known', { knownForMs: 90_000_000 }),
      '4Qxyz1: addr 192.0.2.1 from <a@example.org> rcpt <c@example.net>: autowhitelisted for another 25:00:00',
    ],
    [
      'known by another triplet',
      passing('client-autowhite', { knownForMs: 3_600_000 }),
      '4Qxyz1: addr 192.0.2.1 from <a@example.org> rcpt <c@example.net>: autowhitelisted for another 01:00:00',
    ],
    [
      'passed',
      passing('greylist-passed', { knownForMs: 86_400_000 }),
      `created: AUTO ${TRIPLET} valid for 24:00:00`,
    ],
    [
      'passed, and forgotten',
      passing('greylist-passed', { knownForMs: 0, attempts: 2 }),
      `removed: ${TRIPLET}`,
    ],
    [
      'passed at once, and not known before its next mail',
      passing('greylist-passed', { attempts: 1, delayedMs: 0 }),
      `created: ${TRIPLET} delayed for 00:00:00`,
    ],
    [
      'of a user',
      { ...passing('authenticated'), attempt: sampleAttempt({ login: 'joe' }) },
      'User joe authenticated, bypassing greylisting',
    ],
    [
      'of a user whom nobody names',
      passing('authenticated'),
      'User  authenticated, bypassing greylisting',
    ],
    [
      'of who shows a certificate',
      { ...passing('tls'), attempt: sampleAttempt({ certSubject: '/CN=mx a' }) },
      'STARTTLS succeeded for DN="/CN=mx_a", bypassing greylisting',
    ],
    [
      'let pass by SPF before all rules',
      { ...allowed([{ kind: 'spf', isNegated: false }]), rule: 'spf' },
      '4Qxyz1: Sender IP 192.0.2.1 and address <a@example.org> are SPF-compliant, bypassing greylist',
    ],
    [
      'let pass by a rule that is only called so',
      { ...allowed([{ kind: 'client', isNegated: false }]), rule: 'spf' },
      `4Qxyz1: skipping greylist because address 192.0.2.1 is whitelisted, ${FACTS} ACL spf`,
    ],
    ['of the access map', passing('access-map'), 'whitelisted by {greylist}'],
    [
      'of a trusted client',
      passing('trusted'),
      `4Qxyz1: skipping greylist because address 192.0.2.1 is whitelisted, ${FACTS} ACL`,
    ],
    [
      'of our own making',
      passing('provider'),
      `4Qxyz1: skipping greylist because provider, ${FACTS} ACL`,
    ],
    [
      'let pass by default',
      allowed([]),
      `4Qxyz1: skipping greylist because this is the default action, ${FACTS} ACL 12`,
    ],
    [
      'let pass by a rule of which nobody tells',
      { ...passing('rule'), rule: '12' },
      `4Qxyz1: skipping greylist because this is the default action, ${FACTS} ACL 12`,
    ],
    [
      'let pass because of the mode',
      waiting({ verdict: 'accept', mode: 'shadow' }),
      `4Qxyz1: skipping greylist because the mode is shadow, ${FACTS} ACL`,
    ],
    [
      'of this machine',
      {
        ...passing('local'),
        attempt: sampleAttempt({ clientAddress: undefined, clientName: undefined }),
      },
      '4Qxyz1: skipping greylist because local, (from=<a@example.org>, rcpt=<c@example.net>, addr=[(non_IP)][(non IP)]) ACL',
    ],
  ] as const satisfies readonly (readonly [string, Decision, string])[]) {
    test(what, () => assert.equal(line(decision), expected));
  }

  const clauses: readonly (readonly [kind: string, reason: string, negated: string])[] = [
    ['client', 'address 192.0.2.1 is whitelisted', 'address 192.0.2.1 is whitelisted'],
    ['dnsbl', 'address 192.0.2.1 is in DNSRBL', 'address 192.0.2.1 is not in DNSRBL'],
    [
      'sender-mx',
      'address 192.0.2.1 matches MX record',
      'address 192.0.2.1 does not match MX record',
    ],
    ['url', 'URL check passed', 'URL check not passed'],
    [
      'client-name',
      'sender DNS name mail.example.org is whitelisted',
      'sender DNS name mail.example.org is whitelisted',
    ],
    ['sender', 'sender <a@example.org> is whitelisted', 'sender <a@example.org> is whitelisted'],
    [
      'recipient',
      'recipient <c@example.net> is whitelisted',
      'recipient <c@example.net> is whitelisted',
    ],
    ['macro', 'macro rule is satisfied', 'macro rule is not satisfied'],
    ['geo', 'geoip ccode FR is whitelisted', 'geoip ccode FR is not whitelisted'],
    ['spf', 'sender is SPF-compliant', 'sender is not SPF-compliant'],
    ['sender-authenticated', 'sender is SPF-compliant', 'sender is not SPF-compliant'],
    ['dkim', 'sender is DKIM-compliant', 'sender is not DKIM-compliant'],
    ['tarpit', 'tarpit is requested', 'tarpit is not requested'],
  ];
  for (const [kind, reason, negated] of clauses) {
    test(`let pass by a rule with ${kind}`, () => {
      const because = (words: string): string =>
        `4Qxyz1: skipping greylist because ${words}, ${FACTS} ACL 12`;
      assert.equal(line(allowed([{ kind, isNegated: false }])), because(reason));
      assert.equal(line(allowed([{ kind, isNegated: true }])), because(negated));
    });
  }

  test('names the reasons in a fixed order, each once', () => {
    const kinds = ['spf', 'recipient', 'client', 'spf'];
    const told = line(allowed(kinds.map((kind) => ({ kind, isNegated: false }))));
    assert.match(
      told,
      /because address .* is whitelisted, recipient .* is whitelisted, sender is SPF-compliant, \(/,
    );
    const atEnd = line(allowed([{ kind: 'recipient', isNegated: false }], { stage: 'eom' }));
    assert.match(atEnd, /because at least one recipient is whitelisted, /);
    const unknown = { ...allowed([{ kind: 'geo', isNegated: false }]) };
    assert.match(
      line({
        ...unknown,
        particulars: { clauses: [{ kind: 'geo', isNegated: false }], country: undefined },
      }),
      /geoip ccode ZZ is whitelisted/,
    );
  });
});

describe('what stands beside a decision at debug level', () => {
  const beside = (decision: Decision) => milterGreylistFormat.besideDecision?.(AT, decision);
  for (const [what, decision, expected] of [
    ['new', NEW, [`created: ${TRIPLET} delayed for 00:03:00`]],
    [
      'new again',
      waiting({ reason: 'greylist-expired' }),
      [`created: ${TRIPLET} delayed for 00:03:00`],
    ],
    ['early', waiting({ reason: 'greylist-early' }), []],
    ['new in a trial', waiting({ verdict: 'accept', mode: 'shadow' }), []],
    [
      'passed',
      passing('greylist-passed', { knownForMs: 60_000, attempts: 2 }),
      [`removed: ${TRIPLET}`],
    ],
    ['passed, and forgotten', passing('greylist-passed', { knownForMs: 0, attempts: 2 }), []],
    ['passed at once', passing('greylist-passed', { attempts: 1, delayedMs: 0 }), []],
    ['known', passing('greylist-known'), []],
  ] as const satisfies readonly (readonly [string, Decision, readonly string[]])[]) {
    test(what, () => assert.deepEqual(beside(decision), expected));
  }
});

describe('the level of a decision', () => {
  const levelOf = milterGreylistFormat.levelOf ?? (() => 'error');

  test('is that of milter-greylist: nothing is said of who passes after a delay', () => {
    assert.equal(levelOf(passing('greylist-passed'), 'info'), 'debug');
    assert.equal(levelOf(passing('authenticated'), 'info'), 'debug');
    assert.equal(levelOf(passing('tls'), 'info'), 'debug');
    assert.equal(levelOf(passing('greylist-known'), 'info'), 'info');
    assert.equal(levelOf(NEW, 'info'), 'info');
  });

  test('is the one that a rule wants', () => {
    assert.equal(levelOf(passing('greylist-passed'), 'warn'), 'warn');
  });

  test('is kept by what is put around a line', () => {
    const head = { host: 'mx', tag: 'milter-greylist', pid: 7 };
    const [inFile, inSyslog] = [
      withSyslogHead(milterGreylistFormat, head),
      forSyslog(milterGreylistFormat),
    ];
    assert.equal(inFile.levelOf, milterGreylistFormat.levelOf);
    assert.equal(inSyslog.levelOf, milterGreylistFormat.levelOf);
    assert.match(
      inFile.decision(AT, NEW),
      /^\w{3} [ \d]\d [\d:]{8} mx milter-greylist\[7\]: 4Qxyz1: addr /,
    );
    assert.match(inSyslog.decision(AT, NEW), /^<6>4Qxyz1: addr /);
    assert.match(inFile.besideDecision?.(AT, NEW)[0] ?? '', / mx milter-greylist\[7\]: created: /);
    assert.match(inSyslog.besideDecision?.(AT, NEW)[0] ?? '', /^<7>created: /);
  });
});

describe('what the header says of mail that was not delayed', () => {
  const rule = (...kinds: readonly string[]) => ({
    reason: 'rule' as const,
    rule: '12',
    particulars: { clauses: kinds.map((kind) => ({ kind, isNegated: false })), country: undefined },
  });
  for (const [decisions, expected] of [
    [[], ''],
    [[{ reason: 'greylist-known', rule: undefined }], 'IP, sender and recipient auto-whitelisted'],
    [[{ reason: 'greylist-passed', rule: '3' }], 'ACL 3 matched'],
    [[{ reason: 'greylist-passed', rule: undefined }], 'ACL  matched'],
    [[{ reason: 'provider', rule: undefined }], 'ACL provider matched'],
    [[{ reason: 'rule', rule: '3' }], 'Default is to whitelist mail'],
    [[rule()], 'Default is to whitelist mail'],
    [[rule('helo', 'time')], 'ACL 12 matched'],
    [
      [rule('recipient', 'macro', 'client-name')],
      'Sender DNS name whitelisted, Recipient e-mail whitelisted, ACL 12 matched',
    ],
    [
      [rule('client'), { ...rule('dkim'), rule: '20' }],
      'Sender IP whitelisted, Sender passed DKIM test',
    ],
    [[rule('sender-mx')], 'Sender IP whitelisted by MX'],
    [[{ ...rule('helo'), rule: undefined }], 'ACL  matched'],
  ] as const) {
    test(expected, () => assert.equal(milterGreylistReasons(decisions), expected));
  }
});
