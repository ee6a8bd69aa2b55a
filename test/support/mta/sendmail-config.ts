import { join } from 'node:path';
import { certificateIn } from './certificate.js';
import { mtaHostName } from './commands.js';
import { testDomain, testLogin, type MtaPlace } from './instance.js';
import type { SendmailOptions } from './sendmail.js';

/** The text of sendmail.mc. */
export function sendmailMc(place: MtaPlace, options: SendmailOptions): string {
  const etc = join(place.directory, 'etc');
  const defined = { ...definitions(place, etc), ...(options.tls === true ? tls(etc) : {}) };
  return [
    'divert(0)dnl',
    call('OSTYPE', 'linux'),
    ...Object.entries(defined).map(([name, value]) => call('define', name, value)),
    call('TRUST_AUTH_MECH', 'PLAIN'),
    ...FEATURES.map((feature) => call('FEATURE', feature)),
    ...milters(options),
    ...place.hosts.map((host) => daemon(host, place.port)),
    ...(options.extraMc ?? []),
    call('MAILER', 'local'),
    call('MAILER', 'smtp'),
    'LOCAL_CONFIG',
    // Sendmail's own environment: keeps Cyrus SASL from the machine's /usr/lib/sasl2/Sendmail.conf.
    `ESASL_CONF_PATH=${etc}`,
    'C{TestMailbox} user1 user2 user3 user4 user5 user6 user7 user8 user9 postmaster',
    ...knownRecipients(),
    ...greylistMacro(Object.entries(options.greylistMacro ?? {})),
    '',
  ].join('\n');
}

const FEATURES = [
  'no_default_msa',
  'use_cw_file',
  'nocanonify',
  'accept_unresolvable_domains',
  'accept_unqualified_senders',
];

function definitions({ directory }: MtaPlace, etc: string): Record<string, string> {
  return {
    confDOMAIN_NAME: mtaHostName,
    QUEUE_DIR: join(directory, 'queue'),
    ALIAS_FILE: '',
    confCW_FILE: join(etc, 'local-host-names'),
    confPID_FILE: join(directory, 'pid'),
    STATUS_FILE: join(directory, 'statistics'),
    confSERVICE_SWITCH_FILE: join(etc, 'service.switch'),
    // Accepted mail stays in the queue, and no queue runner is started.
    confDELIVERY_MODE: 'queueonly',
    confTO_IDENT: '0',
    confTO_COMMAND: '2m',
    confLOG_LEVEL: '14',
    // A second's sleep for each refused recipient otherwise.
    confBAD_RCPT_THROTTLE: '0',
    // A busy machine must not make it refuse connections.
    confREFUSE_LA: '1000',
    confQUEUE_LA: '1000',
    confAUTH_MECHANISMS: 'PLAIN',
    confAUTH_REALM: testLogin.realm,
  };
}

function tls(etc: string): Record<string, string> {
  const { certificate, key } = certificateIn(etc);
  return {
    confCACERT_PATH: etc,
    confCACERT: certificate,
    confSERVER_CERT: certificate,
    confSERVER_KEY: key,
    // V: clients are not asked for a certificate.
    confTLS_SRV_OPTIONS: 'V',
  };
}

function milters(options: SendmailOptions): readonly string[] {
  const { milter, furtherMilters = [], flags, equates = 'T=C:5s;S:10s;R:10s;E:20s' } = options;
  const addresses = [milter, ...furtherMilters].filter((address) => address !== '');
  const rest = [...(flags === undefined ? [] : [`F=${flags}`]), equates];
  return addresses.map((address, index) =>
    call('INPUT_MAIL_FILTER', `filter${index + 1}`, [`S=${address}`, ...rest].join(', ')),
  );
}

function daemon(host: string, port: number): string {
  const family = host.includes(':') ? 'inet6' : 'inet';
  return call('DAEMON_OPTIONS', `Name=MTA-${family}, Family=${family}, Addr=${host}, Port=${port}`);
}

/**
 * Known recipients without aliases or accounts, so that the queue shows them as they were written.
 * The mailer never runs.
 */
function knownRecipients(): readonly string[] {
  const domain = `< @ ${testDomain} . >`;
  const keep = '$#relay $@ [127.0.0.1] $:';
  return [
    'LOCAL_RULE_0',
    `R$={TestMailbox} ${domain}\t${keep} $1 ${domain}`,
    `R$={TestMailbox} + $* ${domain}\t${keep} $1 + $2 ${domain}`,
    `Rpostmaster\t${keep} postmaster ${domain}`,
    'R$* < @ $=w . >\t$#error $@ 5.1.1 $: "550 User unknown"',
  ];
}

/** Sets the macro `{greylist}` as an access map would, at each recipient, for these clients. */
function greylistMacro(clients: readonly (readonly [string, string])[]): readonly string[] {
  if (clients.length === 0) return [];
  return [
    'LOCAL_CONFIG',
    'Kstorage macro',
    'LOCAL_RULESETS',
    'SLocal_check_rcpt',
    'R$*\t$: $1 $(storage {greylist} $)',
    ...clients.map(
      ([address, value]) =>
        `R$*\t$: $&{client_addr} $| $1\nR${address} $| $*\t$: $1 $(storage {greylist} $@ ${value} $)\nR$* $| $*\t$: $2`,
    ),
  ];
}

function call(macro: string, ...values: readonly string[]): string {
  return `${macro}(${values.map((value) => `\`${value}'`).join(', ')})dnl`;
}
