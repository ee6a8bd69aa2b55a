/** What the JSON Schema says of a text: at least everything that its parser takes. */
export interface WrittenForm {
  /** A regular expression as JSON Schema has them: ECMA 262, without flags. */
  readonly pattern?: string;
  readonly examples?: readonly string[];
}

/** The kinds of text in a configuration, for editors; what a text means only its parser says. */
export const writtenForms = {
  duration: {
    pattern: '^(?=\\d)(\\d+w)?(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?$',
    examples: ['90s', '5m', '1h30m', '2d'],
  },
  size: { pattern: '^\\d+([KMG]iB)?$', examples: ['64KiB', '1MiB'] },
  socketAddress: {
    pattern: '^((unix:|local:)?/.*[^/]|inet6?:[^@\\s]+[@:].+)$',
    examples: ['unix:/run/greymilter/milter.sock', 'inet:10033@127.0.0.1'],
  },
  unixSocketAddress: {
    pattern: '^(unix:|local:)?/.*[^/]$',
    examples: ['unix:/run/greymilter/admin.sock'],
  },
  inetSocketAddress: {
    pattern: '^inet6?:[^@\\s]+[@:].+$',
    examples: ['inet:127.0.0.1:8025', 'inet:8025@127.0.0.1'],
  },
  hostName: {
    pattern: '^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\\.?$',
    examples: ['localhost', 'greymilter.example.org'],
  },
  clientSet: {
    pattern: '^(loopback|private|[0-9A-Fa-f:.]+(/\\d{1,3})?)$',
    examples: ['loopback', 'private', '192.0.2.0/24', '2001:db8::/32'],
  },
  addressPattern: {
    pattern: '^(<>|[^*<>\\s]*@[^*<>\\s]*)$',
    examples: ['<>', 'postmaster@', '@example.org', 'joe@example.org'],
  },
  senderPart: {
    pattern: '^(batv|srs|verp|tokens)$',
    examples: ['batv', 'srs', 'verp', 'tokens'],
  },
  delimiters: { pattern: "^[-!#$%&'*+./=?^_`{|}~]{1,8}$", examples: ['+', '+-'] },
  storeUrl: {
    pattern: '^(level:(?!//).+|rediss?(\\+(sentinel|cluster))?://[^@]+)$',
    examples: [
      'level:/var/lib/greymilter/db',
      'rediss://redis.example.org',
      'redis+sentinel://192.0.2.6,192.0.2.7,192.0.2.8/mymaster',
      'redis+cluster://192.0.2.6,192.0.2.7,192.0.2.8',
    ],
  },
  journal: { pattern: '^(auto|/.*)$', examples: ['auto', '/run/greymilter'] },
  redisUser: { pattern: '^\\S{1,253}$', examples: ['greymilter'] },
  redisPrefix: { pattern: '^[A-Za-z0-9_.:-]{0,32}$', examples: ['gm.'] },
  logTarget: {
    pattern:
      '^(console|file:.+|syslog:(auth|authpriv|cron|daemon|ftp|local[0-7]|lpr|mail|news|syslog|user|uucp)(:[\\w.-]{1,32})?)$',
    examples: ['console', 'file:/var/log/greymilter/greymilter.log', 'syslog:mail'],
  },
  activityTarget: {
    pattern: '^(append:/.*[^/]|file:/.*[^/]|pipe:.*\\S.*)$',
    examples: ['append:/var/log/greymilter.activity', 'pipe:cat'],
  },
  fileMode: { pattern: '^0?[0-7]{3}$', examples: ['0660'] },
  account: { pattern: '^([A-Za-z_][A-Za-z0-9_.-]{0,30}\\$?|\\d{1,10})$' },
  absolutePath: { pattern: '^/.*[^/]$', examples: ['/run/greymilter/greymilter.pid'] },
  enhancedCode: { pattern: '^4(\\.(0|[1-9]\\d{0,2})){2}$', examples: ['4.7.1'] },
  anyEnhancedCode: { pattern: '^[45](\\.(0|[1-9]\\d{0,2})){2}$', examples: ['4.7.1', '5.7.1'] },
  headerText: {
    pattern: '^[!-9;-~]{1,64}:.*\\S',
    examples: ['X-Greylist: {status} by greymilter at {host}; {date}'],
  },
  identity: { pattern: '^(network|spf|host-name)$', examples: ['network', 'spf', 'host-name'] },
  filePath: { pattern: '^.*[^/]$' },
  resolver: {
    pattern: '^(\\[[0-9A-Fa-f:.]+\\](:\\d{1,5})?|[0-9.]+(:\\d{1,5})?|[0-9A-Fa-f:.]+)$',
    examples: ['192.0.2.53', '192.0.2.53:5353', '[2001:db8::53]:5353'],
  },
  address: { pattern: '^[0-9A-Fa-f:.]+$', examples: ['192.0.2.25', '2001:db8::25'] },
  url: { pattern: '^https?://', examples: ['http://192.0.2.1/check?from={sender}'] },
  ldapServer: { pattern: '^ldaps?://', examples: ['ldap://192.0.2.10'] },
  ldapUrl: {
    pattern: '^ldaps?://',
    examples: ['ldap:///dc=example,dc=org?mail?sub?(mail={recipient})'],
  },
  ruleName: { examples: ['our other MX hosts'] },
  listName: { examples: ['partners'] },
  line: {},
} as const satisfies Readonly<Record<string, WrittenForm>>;
