import { EXEMPTIONS, parseExemption, usuallyExempt } from '../rules/exemption.js';
import { listKinds } from '../rules/sets/list-kinds.js';
import { parseNameEntry } from '../rules/sets/name-entry.js';
import { activitySection } from './activity-section.js';
import { formatClientSet, parseClientSet } from './client-set.js';
import { greylistSection } from './greylist-section.js';
import { httpSection } from './http-section.js';
import { listenSection } from './listen-section.js';
import { listsSection } from './lists-section.js';
import type { WrittenLists } from './lists-section.js';
import { logSection } from './log-section.js';
import { lookupsSection } from './lookups-section.js';
import { redisSection } from './redis-section.js';
import { refusalSection } from './refusal-section.js';
import { messageRulesSection, rulesSection } from './rules-section.js';
import * as kinds from './schema-kinds.js';
import type { SchemaIssue } from './schema-issue.js';
import { A_DURATION, A_FLAG, A_MAPPING } from './settings.js';
import type { Setting } from './settings.js';
import { formatStoreUrl, parseStoreUrl } from './store-url.js';
import * as values from './values.js';
import { writtenForms } from './written-forms.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const KIB = 1024;
const MIB = 1024 * KIB;

const { choice, duration, list, section, setting, text, whole } = kinds;

const importSection = section({
  'milter-greylist': setting(
    text(values.parseAbsolutePath, (path) => path, writtenForms.absolutePath).nullable(),
    null,
    {
      meaning: "milter-greylist's dump file, to be read at the first start; null for none.",
      expects: 'a path such as /var/lib/milter-greylist/greylist.db, or null',
    },
  ),
});

const storeSection = section({
  url: setting(
    text(parseStoreUrl, formatStoreUrl, writtenForms.storeUrl),
    'level:/var/lib/greymilter/db',
    {
      meaning:
        'Where the triplets are kept: `level:` and the directory of the database; or a Redis or Valkey that several filters share, by `redis://HOST:PORT/DATABASE`, `redis+sentinel://HOST,HOST/NAME` or `redis+cluster://HOST,HOST`, with `rediss` in place of `redis` for TLS.',
      expects: 'a store such as level:/var/lib/greymilter/db or redis://192.0.2.6',
    },
  ),
  durability: setting(choice(['process', 'power']), 'process', {
    meaning:
      '`process`: what was answered outlives a killed process; `power`: also a power cut, at the price of waiting for the disk. A shared store is as durable as its servers are.',
    expects: 'process or power',
  }),
  journal: setting(
    text(values.parseJournal, (written) => written, writtenForms.journal).nullable(),
    'auto',
    {
      meaning:
        'A directory in memory (tmpfs) that outlives the filter: what is new is written down there first and answered at once, and the disk has it some milliseconds later. `auto`: the one that whoever starts the filter names in GREYMILTER_JOURNAL, as our systemd unit does with /run/greymilter; null: answers wait for the disk, as with `durability: power`.',
      expects: 'auto, a directory such as /run/greymilter, or null',
    },
  ),
  'on-failure': setting(choice(['accept', 'tempfail']), 'accept', {
    meaning: 'What happens to mail while the store cannot be read.',
    expects: 'accept or tempfail',
  }),
  redis: setting(
    redisSection,
    {},
    { meaning: 'How the servers of a shared store are spoken to.', expects: A_MAPPING },
  ),
  import: setting(
    importSection,
    {},
    { meaning: 'What is taken over from others at the first start.', expects: A_MAPPING },
  ),
});

const statisticsSection = section({
  keep: setting(duration(1 * DAY, 400 * DAY), '90d', {
    meaning: 'How long it is known what happened in each hour.',
    expects: A_DURATION,
    why: 'an hour takes some kilobytes in the store, and a year of them is read for one picture',
  }),
  names: setting(kinds.flag(), true, {
    meaning:
      'Whether sender domains that had to wait and networks that never came back are kept by name, 64 of each for an hour; without it only numbers are.',
    expects: A_FLAG,
  }),
});

const limitsSection = section({
  connections: setting(whole(1, 100_000), 1000, {
    meaning:
      'Milter connections that are filtered at a time, and four times as many of the policy protocol, which keeps them while they are idle; mail beyond them passes without greylisting.',
    expects: 'a whole number from 1 to 100000',
    why: 'each costs a file descriptor, of which a process has 500000 or so at best',
  }),
  packet: setting(kinds.size(64 * KIB, 16 * MIB), '1MiB', {
    meaning: 'Bytes of one milter packet; an MTA that sends more is disconnected.',
    expects: 'a size such as 1MiB',
    why: 'MTAs send up to 64KiB at once, and each connection may hold one packet in memory',
  }),
  body: setting(kinds.size(1 * KIB, 64 * MIB), '64KiB', {
    meaning:
      'Bytes of a message that the condition `body` looks at, and up to which a body gets a footer.',
    expects: 'a size such as 64KiB',
    why: 'so much of each message that is under way is kept in memory',
  }),
  macros: setting(whole(32, 1024), 128, {
    meaning: 'Macros that are read of one list of the MTA; more are left out.',
    expects: 'a whole number from 32 to 1024',
    why: 'the filter asks for about 20, and an MTA names at most 50 for each of seven stages',
  }),
  idle: setting(duration(10 * MINUTE, 1 * DAY), '2h', {
    meaning: 'How long a connection may be silent before it is closed.',
    expects: A_DURATION,
    why: "an MTA is silent while it waits for its client: 5 minutes by RFC 5321, an hour in Sendmail's defaults",
  }),
  answer: setting(duration(1 * SECOND, 9 * SECOND), '5s', {
    meaning: 'How long the filter may take to answer one command; after that `on-failure` decides.',
    expects: A_DURATION,
    why: 'Sendmail gives a filter up after 10s',
  }),
  tarpit: setting(duration(1 * SECOND, 10 * MINUTE), '8s', {
    meaning:
      "How long a rule may make a client wait for one answer. For more than 8s the MTA's own limit must be longer: `R:` of Sendmail's INPUT_MAIL_FILTER, or Postfix's `milter_command_timeout` or `smtpd_policy_service_timeout`.",
    expects: A_DURATION,
    why: 'Sendmail gives a filter up after 10s unless told otherwise, and clients give up after 5 minutes',
  }),
  tarpits: setting(whole(0, 100_000), 100, {
    meaning: 'How many clients are made to wait at a time; others need not wait.',
    expects: 'a whole number from 0 to 100000',
    why: 'each holds a connection, of which `connections` is the limit',
  }),
  pending: setting(whole(1, 1_000_000_000), 10_000_000, {
    meaning:
      'How many triplets may wait at a time. A new one beyond them passes, since it could not be remembered.',
    expects: 'a whole number from 1 to 1000000000',
    why: 'each takes about 150 bytes of the store until its retry window ends',
  }),
  'pending-per-network': setting(whole(1, 1_000_000_000), 10_000, {
    meaning:
      'The same for one network, IPv4 /24 or IPv6 /48. A new one beyond them is put off, and not remembered; what is known, or waits already, passes as ever.',
    expects: 'a whole number from 1 to 1000000000',
    why: 'mail that is sent again waits for minutes, so a network has that many only if it floods you',
  }),
  drain: setting(duration(0, 80 * SECOND), '10s', {
    meaning: 'How long sessions may go on when the filter is told to stop.',
    expects: A_DURATION,
    why: 'systemd kills after 90s what it has told to stop',
  }),
});

/** Every setting, its default and its bounds. The keys are those of the file. */
export const configSchema = section({
  listen: setting(listenSection, {}, { meaning: 'Where the filter listens.', expects: A_MAPPING }),
  store: setting(
    storeSection,
    {},
    { meaning: 'Where it keeps what it knows.', expects: A_MAPPING },
  ),
  'local-domains': setting(
    list(parseNameEntry, ({ text }) => text, listKinds.names.form),
    [],
    {
      meaning:
        'The domains that you receive mail for: `example.org`, or `.example.org` for all below it. Without any, `greylist.replies` has no effect.',
      expects: `${listKinds.names.expects}, or a list of them`,
    },
  ),
  greylist: setting(greylistSection, {}, { meaning: 'How it greylists.', expects: A_MAPPING }),
  refusal: setting(
    refusalSection,
    {},
    {
      meaning: 'What clients are told that rules reject, where a rule says nothing else.',
      expects: A_MAPPING,
    },
  ),
  trusted: setting(
    list(parseClientSet, formatClientSet, writtenForms.clientSet),
    ['loopback', 'private'],
    {
      meaning:
        'Clients that are never greylisted: networks, addresses, `loopback`, or `private` (RFC 1918, fc00::/7 and link-local).',
      expects: 'a network such as 192.0.2.0/24, loopback, private, or a list of them',
    },
  ),
  exempt: setting(
    list(parseExemption, (word) => word, {
      pattern: `^(${EXEMPTIONS.join('|')})$`,
      examples: EXEMPTIONS,
    }),
    [...usuallyExempt],
    {
      meaning:
        'Who else is never greylisted: `authenticated` clients, `local` submissions, whom the `access-map` of Sendmail lets pass; and `tls`, clients with a certificate that the MTA has verified. Without `authenticated` and the others rules decide about them, too.',
      expects: `${EXEMPTIONS.join(', ')}, or a list of them`,
    },
  ),
  lists: setting(
    listsSection,
    {},
    {
      meaning:
        'Named lists of `clients`, `senders`, `recipients`, `names` or `values`, which rules refer to by `list:NAME`.',
      expects: 'a mapping of names and lists, such as {partners: {senders: ["@example.org"]}}',
    },
  ),
  rules: setting(rulesSection, [], {
    meaning:
      'What is asked for each recipient; the first rule that matches decides. See [Rules](rules.md#rules).',
    expects: 'a list of rules, such as [{when: {client: 192.0.2.1}, then: accept}]',
  }),
  'message-rules': setting(messageRulesSection, [], {
    meaning: 'The same for each message when all of it is there.',
    expects: 'a list of rules, such as [{when: {size: {over: 50MiB}}, then: reject}]',
  }),
  lookups: setting(
    lookupsSection,
    {},
    { meaning: 'Whom rules ask, and how long they wait.', expects: A_MAPPING },
  ),
  activity: setting(activitySection, null, {
    meaning:
      'A record of each decision in words of your own: `to` says where, `append:` or `file:` (emptied at the start) and a path, or `pipe:` and a command; `format` is what is written, with placeholders, and no line end is added. `off` without it.',
    expects: 'a mapping with to and format, or off',
  }),
  statistics: setting(
    statisticsSection,
    {},
    { meaning: 'What is kept of what has happened.', expects: A_MAPPING },
  ),
  log: setting(logSection, {}, { meaning: 'What it writes, and where.', expects: A_MAPPING }),
  reload: setting(choice(['signal', 'watch']), 'signal', {
    meaning:
      '`signal`: on SIGHUP alone; `watch`: also when this file, a file of a list or a database of `lookups.geo` has changed.',
    expects: 'signal or watch',
  }),
  user: setting(kinds.account(), null, {
    meaning:
      'User that the filter runs as once its sockets are open, if it is started as root; `--user` goes before it.',
    expects: 'a user name or number, or null',
  }),
  group: setting(kinds.account(), null, {
    meaning: "Group that it then runs as; null for the user's own.",
    expects: 'a group name or number, or null',
  }),
  'pid-file': setting(
    text(values.parseAbsolutePath, (path) => path, writtenForms.absolutePath).nullable(),
    null,
    {
      meaning: 'File that the number of the process is written into; systemd does not need it.',
      expects: 'a path such as /run/greymilter/greymilter.pid, or null',
    },
  ),
  http: setting(
    httpSection,
    {},
    { meaning: 'Who may do what at `listen.http`.', expects: A_MAPPING },
  ),
  limits: setting(limitsSection, {}, { meaning: 'What it refuses to do.', expects: A_MAPPING }),
});

/**
 * The whole configuration, read and checked. Durations are milliseconds, sizes are bytes; all of
 * it is frozen.
 */
export type Config = kinds.Output<typeof configSchema>;

/** All settings as a tree, for hints and documentation. */
export const settings: Setting = kinds.describe(configSchema);

/** Reads plain data: a configuration, or everything that is wrong with single settings. */
export function decodeConfig(
  input: unknown,
): { readonly ok: Config } | { readonly issues: readonly SchemaIssue[] } {
  return kinds.decode(configSchema, input);
}

/** The sections that have names and lists for keys: no setting stands in them. */
export const RULE_SECTIONS: readonly unknown[] = ['lists', 'rules', 'message-rules'];

/** Reads the lists alone, as they may be fine where something else is wrong. */
export function decodeLists(
  input: unknown,
): { readonly ok: WrittenLists } | { readonly issues: readonly SchemaIssue[] } {
  return kinds.decode(listsSection, input ?? {});
}

/** The plain data from which {@link decodeConfig} makes this configuration. */
export function encodeConfig(config: Config): unknown {
  return kinds.encode(configSchema, config);
}

/** The JSON Schema of a configuration file. */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  const title = 'Configuration of greymilter';
  const { $schema, ...rest } = kinds.toJsonSchema(configSchema);
  return { $schema, title, ...rest };
}
