import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { z } from 'zod';

import { ConfigError } from '../../../src/config/config-error.js';
import { parseConfig } from '../../../src/config/load.js';
import { configSchema, decodeConfig, encodeConfig, settings } from '../../../src/config/schema.js';
import { findSetting, leafSettings } from '../../../src/config/settings.js';

/** What is wrong with one setting, given on the command line on top of an empty file. */
function problemsWith(assignment: string): readonly string[] {
  try {
    parseConfig({ text: '', overrides: [assignment] });
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    assert.equal(error.code, 'CONFIG_INVALID');
    return error.issues.map(({ path, problem }) => `${path} ${problem}`);
  }
}

test('the defaults of a configuration file', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(encodeConfig(parseConfig({ text: '' }).config))), {
    listen: {
      milter: ['unix:/run/greymilter/milter.sock', 'inet:10033@127.0.0.1'],
      policy: [],
      admin: 'unix:/run/greymilter/admin.sock',
      http: null,
      socket: { mode: '0660', owner: null, group: null },
      'admin-socket': { mode: '0660', owner: null, group: null },
      allow: [],
    },
    store: {
      url: 'level:/var/lib/greymilter/db',
      durability: 'process',
      journal: 'auto',
      'on-failure': 'accept',
      redis: {
        user: null,
        'password-file': null,
        prefix: 'gm.',
        'connect-timeout': '1s',
        timeout: '1s',
        tls: { authority: null, certificate: null, key: null, name: null },
        sentinel: { user: null, 'password-file': null },
      },
      import: { 'milter-greylist': null },
    },
    'local-domains': [],
    greylist: {
      mode: 'enforce',
      style: 'greymilter',
      'lazy-autowhite': false,
      delay: '3m',
      'retry-window': '2d',
      autowhite: '36d',
      network: { ipv4: 24, ipv6: 64 },
      stage: 'rcpt',
      identity: ['network', 'spf', 'host-name'],
      patience: { tries: 4, over: '4h' },
      'client-autowhite': { after: 5, count: 'address', domains: 2, spacing: '1h', for: '36d' },
      replies: '7d',
      providers: 'accept',
      sender: { 'fold-case': true, strip: ['batv', 'srs', 'verp', 'tokens'], form: 'standard' },
      recipient: {
        'fold-case': true,
        'keep-extension': true,
        delimiters: '+',
        form: 'standard',
      },
      'probe-senders': {
        match: ['<>', 'double-bounce@', 'postmaster@'],
        stage: 'data',
        autowhite: '1d',
      },
      reply: {
        milter: { code: 451, enhanced: '4.7.1' },
        policy: { action: 'DEFER_IF_PERMIT', enhanced: '4.2.0' },
        text: 'Greylisted, please try again in {wait} seconds',
      },
      header: 'delayed',
      'header-text': 'X-Greylist: {status} by greymilter at {host}; {date}',
    },
    refusal: { code: null, enhanced: '5.7.1', text: 'Mail refused' },
    trusted: ['loopback', 'private'],
    exempt: ['authenticated', 'local', 'access-map'],
    lists: {},
    rules: [],
    'message-rules': [],
    lookups: {
      unbracket: false,
      timeout: '2s',
      resolvers: [],
      'local-address': null,
      urls: {},
      ldap: { servers: [], timeout: '2s', connections: 4 },
      'ldap-queries': {},
      geo: [],
    },
    activity: 'off',
    statistics: { keep: '90d', names: true },
    log: {
      ...{ expired: false, level: 'info', format: 'text', style: 'greymilter' },
      ...{ to: 'console', privacy: 'off' },
    },
    reload: 'signal',
    user: null,
    group: null,
    'pid-file': null,
    http: { write: false, 'token-file': null, hosts: ['localhost'], allow: [], tls: 'off' },
    limits: {
      ...{ connections: 1000, packet: '1MiB', body: '64KiB', macros: 128 },
      ...{ idle: '2h', answer: '5s', tarpit: '8s', tarpits: 100, drain: '10s' },
      ...{ pending: 10_000_000, 'pending-per-network': 10_000 },
    },
  });
});

describe('the values that a setting takes, up to its bounds', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'listen.milter': ['unix:/x', '[unix:/x, /y]', 'inet:0@127.0.0.1'],
    'listen.policy': ['[]', 'unix:/x', '[unix:/x, /y]', 'inet:127.0.0.1:0'],
    'listen.admin': ['null', 'unix:/run/greymilter/admin.sock', '/x', 'local:/x'],
    'listen.http': ['null'],
    'http.write': ['true', 'false'],
    'http.token-file': ['null', '/etc/greymilter/tokens'],
    'http.hosts': ['[]', 'localhost', '[filter.example.org, Other.example.]'],
    'http.allow': ['[]', '192.0.2.0/24', '[private, "2001:db8::/32"]'],
    'http.tls': ['off', 'null', '{certificate: /c.pem, key: /k.pem}'],
    'listen.admin-socket.mode': ['"0600"'],
    'listen.admin-socket.owner': ['null', 'root'],
    'listen.admin-socket.group': ['null', 'adm', '4'],
    'listen.socket.mode': ['"0000"', '"0777"', '"660"'],
    'listen.socket.owner': ['null', 'postfix', '0', '105'],
    'listen.socket.group': ['null', 'postfix', '0'],
    lists: ['{}', '{a-b_c.1: {clients: 192.0.2.1}}'],
    rules: ['[]', '[{then: accept}]', '[{when: {client: [192.0.2.1]}, then: reject}]'],
    'message-rules': ['[]', '[{then: quarantine}]'],
    'lookups.unbracket': ['true', 'false'],
    'lookups.timeout': ['1s', '8s'],
    'lookups.resolvers': ['[]', '192.0.2.53', '["192.0.2.53:1", "[2001:db8::53]:65535", "::1"]'],
    'lookups.local-address': ['null', '192.0.2.25', '"2001:db8::25"'],
    'lookups.urls': ['{}', '{a: {url: "http://192.0.2.1/?from={sender}"}}'],
    'lookups.ldap.servers': ['[]', 'ldap://192.0.2.10', '[ldaps://a.example, ldap://b.example]'],
    'lookups.ldap.timeout': ['1s', '8s'],
    'lookups.ldap.connections': ['1', '100'],
    'lookups.ldap.bind': [
      '{dn: cn=x, password: y}',
      '{dn: cn=x, password-file: /etc/greymilter/ldap}',
    ],
    'lookups.ldap-queries': ['{}', '{a: {url: "ldap:///dc=example?mail?sub?(mail={recipient})"}}'],
    'refusal.code': ['null', '500', '559'],
    'refusal.enhanced': ['5.0.0', '5.7.1'],
    'refusal.text': ['Go away!'],
    exempt: ['[]', 'local', '[authenticated, local, access-map, tls]'],
    activity: ['off', '{to: "append:/x", format: "{sender}"}', '{to: "pipe:cat", format: "x"}'],
    user: ['null', 'nobody', '65534'],
    group: ['null', 'nogroup', '65534'],
    'lookups.geo': ['[]', '/x.mmdb', '[/x.mmdb, /y.mmdb]'],
    'listen.allow': ['[]', '192.0.2.1', '[loopback, private, "2001:db8::/32"]'],
    'store.url': [
      ...['level:/x', 'level:x', 'redis://192.0.2.6/15', 'rediss://redis.example.org:7000'],
      ...['redis+sentinel://192.0.2.6,192.0.2.7/mymaster', 'rediss+cluster://[2001:db8::6]:7000'],
    ],
    'store.durability': ['process', 'power'],
    'store.journal': ['null', 'auto', '/run/greymilter'],
    'store.on-failure': ['accept', 'tempfail'],
    'store.redis.user': ['null', 'greymilter'],
    'store.redis.password-file': ['null', '/etc/greymilter/redis-password'],
    'store.redis.prefix': ["''", 'gm.', "'a.b-c_d:'"],
    ...{ 'store.redis.connect-timeout': ['1s', '8s'], 'store.redis.timeout': ['1s', '8s'] },
    ...{ 'store.redis.tls.authority': ['null', '/etc/greymilter/ca.pem'] },
    ...{ 'store.redis.tls.certificate': ['null'], 'store.redis.tls.key': ['null'] },
    ...{ 'store.redis.tls.name': ['null', 'mx'], 'store.redis.sentinel.user': ['null', 'me'] },
    'store.redis.sentinel.password-file': ['null', '/etc/greymilter/sentinel-password'],
    'store.import.milter-greylist': ['null', '/var/lib/milter-greylist/greylist.db'],
    'greylist.mode': ['enforce', 'learn', 'shadow'],
    'greylist.style': ['greymilter', 'milter-greylist'],
    'greylist.lazy-autowhite': ['true', 'false'],
    'greylist.delay': ['1s', '1d', '24h'],
    'greylist.retry-window': ['181s', '60d'],
    'greylist.autowhite': ['181s', '1830d'],
    'greylist.network.ipv4': ['8', '32'],
    'greylist.network.ipv6': ['16', '128'],
    'greylist.stage': ['rcpt', 'data'],
    'greylist.patience': ['off', 'null', '{}', '{tries: 9}'],
    'greylist.patience.tries': ['1', '100'],
    'greylist.client-autowhite': ['off', 'null', '{}', '{after: 9}'],
    'greylist.client-autowhite.after': ['1', '100'],
    'greylist.client-autowhite.count': ['address', 'network', 'sender-domain'],
    'greylist.client-autowhite.domains': ['1', '100'],
    'greylist.client-autowhite.spacing': ['0s', '7d'],
    'greylist.client-autowhite.for': ['1s', '1830d'],
    'greylist.patience.over': ['1s', '30d'],
    'local-domains': ['[]', 'example.org', "[example.org, .example.net, '/^mx/']"],
    'greylist.replies': ['off', 'null', '1s', '60d'],
    'greylist.providers': ['accept', 'greylist'],
    'greylist.sender.fold-case': ['true', 'false'],
    'greylist.sender.strip': ['[]', 'batv', '[tokens, verp, srs, batv]'],
    'greylist.sender.form': ['standard', 'postgrey', 'milter-greylist'],
    'greylist.recipient.fold-case': ['true', 'false'],
    'greylist.recipient.keep-extension': ['true', 'false'],
    'greylist.recipient.delimiters': ['+', '"+-"', '"-"', '"!#$%&*+"'],
    'greylist.recipient.form': ['standard', 'milter-greylist'],
    'greylist.probe-senders.match': ['[]', "'<>'", "['@example.org', 'a@b']"],
    'greylist.probe-senders.stage': ['rcpt', 'data'],
    'greylist.probe-senders.autowhite': ['181s', '1830d'],
    'greylist.reply.milter.code': ['400', '459'],
    'greylist.reply.milter.enhanced': ['4.0.0', '4.999.999'],
    'greylist.reply.policy.action': ['DEFER_IF_PERMIT', 'DEFER', '450', '451'],
    'greylist.reply.policy.enhanced': ['4.0.0', '4.999.999'],
    'greylist.reply.text': ['Wait', "'{wait} {minutes} {delay}'", 'x'.repeat(436)],
    'greylist.identity': ['network', '[network]', '[spf, host-name]'],
    'greylist.header': ['always', 'delayed', 'not-delayed', 'never'],
    'greylist.header-text': [
      '"X-G: a"',
      "'X-G: {status}, {delayed} s by {version} at {host}; {date}'",
    ],
    trusted: ['[]', 'private', '[loopback, 192.0.2.0/24]'],
    'statistics.keep': ['1d', '400d'],
    'statistics.names': ['true', 'false'],
    'log.level': ['error', 'warn', 'info', 'debug'],
    'log.format': ['text', 'json'],
    'log.expired': ['true', 'false'],
    'log.style': ['greymilter', 'postgrey', 'milter-greylist'],
    'log.privacy': ['off', 'null', '{key-file: /k}', '{key-file: /k, hide: [client, sender]}'],
    'log.to': ['console', 'file:/x', 'syslog:mail', 'syslog:local0:grey'],
    reload: ['signal', 'watch'],
    'pid-file': ['null', '/run/greymilter.pid'],
    'limits.connections': ['1', '100000'],
    'limits.packet': ['64KiB', '16MiB', '65536', '"65536"'],
    'limits.macros': ['32', '1024'],
    'limits.idle': ['10m', '1d'],
    'limits.answer': ['1s', '9s'],
    'limits.body': ['1KiB', '64MiB'],
    'limits.tarpit': ['1s', '10m'],
    'limits.tarpits': ['1', '100'],
    'limits.pending': ['1', '1000000000'],
    'limits.pending-per-network': ['1', '1000000000'],
    'limits.drain': ['0s', '80s'],
  };
  for (const [setting, values] of Object.entries(cases)) {
    for (const value of values) {
      const name = `${setting}=${value}`;
      test(name, () => assert.deepEqual(problemsWith(name), []));
    }
  }
  test('no setting is without a case', () => {
    const names = leafSettings(settings).map(({ path }) => path.join('.'));
    // What belongs together has one case.
    const isMissing = (name: string): boolean =>
      !Object.hasOwn(cases, name) && !Object.hasOwn(cases, name.replace(/\.[^.]*$/, ''));
    assert.deepEqual(names.filter(isMissing), []);
  });
});

describe('the values that a setting refuses', () => {
  const cases: readonly (readonly [assignment: string, problem: string])[] = [
    ['greylist.delay=0s', 'must be at least 1s'],
    ['greylist.sender.strip=digits', 'is nothing that is taken out'],
    ['greylist.recipient.delimiters=""', 'has no character'],
    ['greylist.recipient.delimiters="+x"', 'has characters that begin no extension'],
    ['greylist.recipient.delimiters="@"', 'has characters that begin no extension'],
    ['greylist.recipient.delimiters="+-+-+-+-+"', 'has characters that begin no extension'],
    ['greylist.delay=86401s', 'must be at most 1d'],
    ['greylist.delay=5', 'needs a unit'],
    ['greylist.retry-window=1s', 'must be at least 2s'],
    ['greylist.retry-window=61d', 'must be at most 60d'],
    ['greylist.autowhite=0s', 'must be at least 1s'],
    ['greylist.autowhite=1831d', 'must be at most 1830d'],
    ['greylist.network.ipv4=7', 'must be at least 8'],
    ['greylist.network.ipv4=33', 'must be at most 32'],
    ['greylist.network.ipv4=24.5', 'must be a whole number from 8 to 32'],
    ['greylist.network.ipv6=15', 'must be at least 16'],
    ['greylist.network.ipv6=129', 'must be at most 128'],
    ['greylist.patience.tries=0', 'must be at least 1'],
    ['greylist.client-autowhite.after=0', 'must be at least 1'],
    ['greylist.client-autowhite.count=host', 'must be address, network or sender-domain'],
    ['greylist.client-autowhite.spacing=8d', 'must be at most 7d'],
    ['greylist.patience.tries=101', 'must be at most 100'],
    ['greylist.patience.over=0s', 'must be at least 1s'],
    ['greylist.patience.over=31d', 'must be at most 30d'],
    ['greylist.patience=never', 'must be off, or a mapping with tries and over'],
    ['greylist.patience=false', 'must be off, or a mapping with tries and over'],
    ['local-domains="@example.org"', 'is not a host name'],
    ['local-domains="*.example.org"', 'has a *'],
    ['greylist.replies=0s', 'must be at least 1s'],
    ['greylist.replies=61d', 'must be at most 60d'],
    ['greylist.replies=never', 'is not a duration'],
    ['greylist.replies=true', 'must be a duration such as 7d, or off'],
    ['greylist.providers=off', 'must be accept or greylist'],
    ['greylist.probe-senders.autowhite=0s', 'must be at least 1s'],
    ['greylist.probe-senders.autowhite=1831d', 'must be at most 1830d'],
    ['greylist.probe-senders.stage=mail', 'must be rcpt or data'],
    ['greylist.reply.milter.code=399', 'must be a code from 400 to 459'],
    ['greylist.reply.milter.code=460', 'must be a code from 400 to 459'],
    ['greylist.reply.milter.code=421', 'must not be 421'],
    ['greylist.reply.milter.code=550', 'must be a code from 400 to 459'],
    ['greylist.reply.milter.enhanced=5.7.1', 'is not an enhanced status code of class 4'],
    [
      'greylist.reply.policy.action=OK',
      'must be DEFER_IF_PERMIT, DEFER or a reply code such as 451',
    ],
    ['greylist.reply.policy.action=421', 'must not be 421'],
    ['greylist.reply.policy.enhanced=5.7.1', 'is not an enhanced status code of class 4'],
    ['greylist.reply.text=[a]', 'must be a line of text'],
    [`greylist.reply.text=${'x'.repeat(6541)}`, 'may become 6541 bytes long'],
    ['greylist.mode=off', 'must be enforce, learn or shadow'],
    ['greylist.stage=DATA', 'must be rcpt or data'],
    ['greylist.header=true', 'must be always, delayed, not-delayed or never'],
    ['statistics.keep=23h', 'must be at least 1d'],
    ['statistics.keep=401d', 'must be at most 400d'],
    ['statistics.names=1', 'must be true or false'],
    ['log.to=syslog:kern', 'has "kern" for a facility'],
    ['pid-file=greymilter.pid', 'needs an absolute path'],
    ['pid-file=5', 'must be a path such as /run/greymilter/greymilter.pid, or null'],
    ['limits.connections=0', 'must be at least 1'],
    ['limits.connections=100001', 'must be at most 100000'],
    ['limits.packet=65535', 'must be at least 64KiB'],
    ['limits.packet=17MiB', 'must be at most 16MiB'],
    ['limits.packet=1.5', 'must be a size such as 1MiB'],
    ['limits.macros=31', 'must be at least 32'],
    ['limits.macros=1025', 'must be at most 1024'],
    ['limits.idle=599s', 'must be at least 10m'],
    ['limits.idle=86401s', 'must be at most 1d'],
    ['limits.answer=0s', 'must be at least 1s'],
    ['limits.answer=10s', 'must be at most 9s'],
    ['limits.pending=0', 'must be at least 1'],
    ['limits.pending-per-network=0', 'must be at least 1'],
    ['limits.drain=81s', 'must be at most 1m20s'],
    ['limits.tarpit=0s', 'must be at least 1s'],
    ['limits.tarpits=-1', 'must be at least 0'],
    ['refusal.code=450', 'must be a code from 500 to 559'],
    ['lookups.local-address=localhost', 'is not an address'],
    ['listen.admin=inet:1@127.0.0.1', 'is not a Unix socket'],
    ['listen.http=unix:/x', 'is not a TCP socket'],
    ['listen.http=x', 'is not a socket address'],
    ['http.hosts=a/b', 'is not the name of a host'],
    ['http.token-file=tokens', 'needs an absolute path'],
    ['listen.admin=x', 'is not a socket address'],
    ['listen.admin=5', 'must be a socket address such as unix:/run/greymilter/admin.sock, or null'],
    ['listen.admin-socket.mode=0660', 'must be a file mode in quotes, such as "0660"'],
    ['listen.socket.mode=0660', 'must be a file mode in quotes, such as "0660"'],
    ['listen.socket.owner=a b', 'is not the name or number of an account'],
    ['listen.socket.owner=true', 'must be a user name or number, or null'],
    [
      'trusted=null',
      'must be a network such as 192.0.2.0/24, loopback, private, or a list of them',
    ],
    ['log=5', 'must be a mapping'],
    ['log=', ''],
  ];
  for (const [assignment, problem] of cases) {
    const setting = assignment.slice(0, assignment.indexOf('='));
    const expected = problem === '' ? [] : [`${setting} ${problem}`];
    test(assignment.slice(0, 60), () => assert.deepEqual(problemsWith(assignment), expected));
  }
});

describe('what a setting says of itself', () => {
  for (const setting of leafSettings(settings)) {
    test(setting.path.join('.'), () => {
      assert.match(setting.meaning, /\.$/);
      assert.notEqual(setting.expects, '');
      const isOptional = setting.path.includes('bind');
      assert.equal(setting.fallback === undefined, isOptional);
    });
  }
  test('sections do too', () => {
    for (const section of settings.children.values()) assert.match(section.meaning, /\.$/);
  });
});

test('a setting is found by its path, and a list by what stands in it', () => {
  assert.equal(findSetting(settings, ['greylist', 'delay'])?.fallback, '3m');
  assert.deepEqual(findSetting(settings, ['listen', 'milter', 1])?.path, ['listen', 'milter']);
  assert.equal(findSetting(settings, [])?.children.size, 20);
  assert.match(findSetting(settings, ['rules', 3, 'when', 'client', 0])?.meaning ?? '', /client/);
  assert.match(findSetting(settings, ['lists', 'any', 'names'])?.meaning ?? '', /host name/);
  assert.equal(findSetting(settings, ['greylist', 'nope', 'delay']), undefined);
});

test('the schema can be published as a JSON Schema, in which everything is described', () => {
  const schema = z.toJSONSchema(configSchema, { io: 'input' });
  assert.ok('conditions' in (schema.$defs ?? {}));
  assert.equal(schema.additionalProperties, false);
  assert.deepEqual(Object.keys(schema.properties ?? {}), [...settings.children.keys()]);
  const json = JSON.stringify(schema);
  for (const { meaning } of leafSettings(settings)) {
    assert.ok(json.includes(JSON.stringify(meaning)), meaning);
  }
});

test('the schema takes no data that is not a mapping', () => {
  for (const input of [null, undefined, [], 'x', 5]) {
    assert.deepEqual(decodeConfig(input), { issues: [{ kind: 'type', path: [] }] });
  }
});
