import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseSocketAddress, type SocketAddress } from '../../../src/config/socket-address.js';
import { knownSite, siteLines } from '../../../src/setup/postfix-known.js';
import { planMilter, planPolicy, planRemoval } from '../../../src/setup/postfix-plan.js';
import { isAtLeast, type PostfixSettings } from '../../../src/setup/postfix-settings.js';
import { SetupError } from '../../../src/setup/setup-error.js';

function at(...texts: readonly string[]): readonly SocketAddress[] {
  return texts.map((text) => {
    const parsed = parseSocketAddress(text);
    assert.ok('ok' in parsed, text);
    return parsed.ok;
  });
}

interface Given extends Partial<Omit<PostfixSettings, 'values' | 'expanded'>> {
  readonly values?: Readonly<Record<string, string>>;
  readonly expanded?: Readonly<Record<string, string>>;
}

function postfix({ values = {}, expanded = {}, ...rest }: Given = {}): PostfixSettings {
  const all = new Map(Object.entries(values));
  return {
    version: '3.7.11',
    queueDirectory: '/var/spool/postfix',
    owner: 'postfix',
    isChrooted: true,
    ownMilters: [],
    values: all,
    written: all,
    expanded: new Map(Object.entries(expanded)),
    ...rest,
  };
}

const inChroot = 'unix:/var/spool/postfix/greymilter/milter.sock';
const line = '{ unix:greymilter/milter.sock, default_action=accept }';

describe('which listener Postfix is told of', () => {
  const cases: readonly (readonly [string, readonly string[], Given, string])[] = [
    [
      'below its queue directory',
      ['inet:1@127.0.0.1', inChroot],
      {},
      'unix:greymilter/milter.sock',
    ],
    ['a port', ['unix:/run/g/m', 'inet:1@127.0.0.1'], {}, 'inet:127.0.0.1:1'],
    ['a port of IPv6', ['inet6:1@[::1]'], {}, 'inet:[::1]:1'],
    ['a port on every address', ['inet:1@0.0.0.0'], {}, 'inet:127.0.0.1:1'],
    ['a port on every address of both', ['inet6:1@[::]'], {}, 'inet:[::1]:1'],
    [
      'elsewhere without a chroot',
      ['inet:1@127.0.0.1', 'unix:/run/g/m'],
      { isChrooted: false },
      'unix:/run/g/m',
    ],
  ];
  for (const [name, listeners, given, text] of cases)
    test(name, () => {
      assert.equal(planMilter(at(...listeners), postfix(given)).listener.text, text);
    });

  test('none that a chrooted smtpd can see', () => {
    assert.throws(
      () => planMilter(at('unix:/run/g/m'), postfix()),
      (error) => {
        assert.ok(error instanceof SetupError);
        assert.equal(error.code, 'SETUP_UNREACHABLE');
        assert.match(error.message, /unix:\/var\/spool\/postfix\/greymilter\/milter\.sock/);
        return true;
      },
    );
    assert.throws(
      () => planPolicy([], postfix()),
      /^SetupError: listen\.policy is empty: let the filter listen on unix:\/var\/spool\/postfix\/greymilter\/policy\.sock/,
    );
  });
});

describe('smtpd_milters', () => {
  const cases: readonly (readonly [string, Given, string])[] = [
    ['empty', {}, line],
    ['another before us', { values: { smtpd_milters: 'inet:a:1' } }, `${line}, inet:a:1`],
    ['us already', { values: { smtpd_milters: `$b, ${line}` } }, `${line}, $b`],
    ['us by an absolute path', { values: { smtpd_milters: inChroot } }, line],
  ];
  for (const [name, given, value] of cases)
    test(name, () => {
      assert.deepEqual(
        [...planMilter(at(inChroot), postfix(given)).lines],
        [['smtpd_milters', value]],
      );
    });

  test('says nothing new where all is said', () => {
    const plan = planMilter(at(inChroot), postfix({ values: { smtpd_milters: line } }));
    assert.deepEqual([plan.changes.size, plan.lines.size], [0, 1]);
  });

  test('an old Postfix has one action for all', () => {
    const plan = planMilter(at(inChroot), postfix({ version: '2.11.3', ownMilters: ['a/inet'] }));
    assert.deepEqual(
      [...plan.changes],
      [
        ['smtpd_milters', 'unix:greymilter/milter.sock'],
        ['milter_default_action', 'accept'],
      ],
    );
    assert.equal(plan.notes.length, 2);
  });
});

describe('check_policy_service', () => {
  const check =
    'check_policy_service { inet:127.0.0.1:10023, timeout=10s, default_action=DUNNO, policy_context=also-at-data }';
  const plan = (given: Given = {}) => planPolicy(at('inet:10023@127.0.0.1'), postfix(given));

  test('nothing there yet', () => {
    const { lines, notes } = plan();
    assert.equal(
      lines.get('smtpd_recipient_restrictions'),
      `permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination, reject_unlisted_recipient, ${check}`,
    );
    assert.equal(
      lines.get('smtpd_data_restrictions'),
      `permit_mynetworks, permit_sasl_authenticated, ${check}`,
    );
    assert.deepEqual(notes, []);
  });

  test('behind refusals and before what lets pass', () => {
    const values = {
      smtpd_recipient_restrictions: 'reject_unauth_destination, permit',
      smtpd_reject_unlisted_recipient: 'no',
    };
    assert.equal(
      plan({ values }).lines.get('smtpd_recipient_restrictions'),
      `reject_unauth_destination, ${check}, permit`,
    );
  });

  test('once more is the same', () => {
    assert.equal(plan({ values: Object.fromEntries(plan().lines) }).changes.size, 0);
  });

  test('what older ones know', () => {
    const [newer, older] = [plan({ version: '3.0.0' }), plan({ version: '2.11.0' })];
    assert.match(
      newer.lines.get('smtpd_recipient_restrictions') ?? '',
      /check_policy_service \{ inet:127\.0\.0\.1:10023, timeout=10s, default_action=DUNNO \}$/,
    );
    assert.match(
      older.lines.get('smtpd_recipient_restrictions') ?? '',
      /check_policy_service inet:127\.0\.0\.1:10023$/,
    );
    assert.deepEqual([newer.lines.size, older.notes.length], [1, 1]);
  });
});

test('what names the filter is taken out, however it came there', () => {
  const values = {
    smtpd_milters: 'inet:localhost:1',
    smtpd_recipient_restrictions: 'a, check_policy_service inet:127.0.0.1:1',
  };
  const without = planRemoval(at('inet:1@127.0.0.1'), postfix({ values }));
  assert.deepEqual(
    [...without],
    [
      ['smtpd_milters', undefined],
      ['smtpd_recipient_restrictions', 'a'],
    ],
  );
});

test('networks and domains that Postfix knows', () => {
  const site = knownSite(
    postfix({
      expanded: {
        mynetworks:
          '127.0.0.0/8 [::1]/128 10.1.0.0/16 192.0.2.0/24 [2001:db8::]/32 !192.0.2.9 cidr:/a',
        mydestination: 'mx.Example.org, localhost.example.org, localhost, example.org',
        relay_domains: 'hash:/etc/relay .example.net',
      },
    }),
  );
  assert.deepEqual(siteLines(site), [
    "trusted: [loopback, private, 192.0.2.0/24, '2001:db8::/32']",
    'local-domains: [mx.example.org, example.org, .example.net]',
  ]);
  assert.deepEqual(
    site.notes.map((note) => note.split(',')[0]),
    ['mynetworks has !192.0.2.9', 'mynetworks has cidr:/a', 'relay_domains has hash:/etc/relay'],
  );
  assert.deepEqual(siteLines(knownSite(postfix())), []);
});

test('versions', () => {
  assert.ok(isAtLeast('3.11-20260101', 3, 1) && isAtLeast('4.0', 3, 1));
  assert.ok(!isAtLeast('3.0.9', 3, 1) && !isAtLeast('2.11.3', 3, 0));
});
