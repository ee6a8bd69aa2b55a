import { join } from 'node:path';
import { certificateIn } from './certificate.js';
import { mtaHostName } from './commands.js';
import { testDomain, testLogin, type MtaPlace } from './instance.js';
import type { PostfixOptions } from './postfix.js';

/** The text of main.cf. */
export function postfixMain(place: MtaPlace, options: PostfixOptions): string {
  const settings = {
    ...identity(place),
    ...acceptance(join(place.directory, 'etc')),
    ...milter(options),
    ...(options.tls === true ? tls(join(place.directory, 'etc')) : {}),
    ...options.extraMainCf,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');
}

/** The text of master.cf: what it takes to receive mail and keep it. */
export function postfixMaster(place: MtaPlace, chroot: boolean): string {
  const jail = chroot ? 'y' : 'n';
  const listeners = place.hosts.map(
    (host) => `${bracketed(host)}:${place.port} inet n - ${jail} - - smtpd\n`,
  );
  const services = [
    'postlog unix-dgram n - n - 1 postlogd',
    'pickup unix n - n 60 1 pickup',
    `cleanup unix n - ${jail} - 0 cleanup`,
    'qmgr unix n - n 300 1 qmgr',
    'rewrite unix - - n - - trivial-rewrite',
    'bounce unix - - n - 0 bounce',
    'defer unix - - n - 0 bounce',
    'trace unix - - n - 0 bounce',
    'discard unix - - n - - discard',
    'smtp unix - - n - - smtp',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'showq unix n - n - - showq',
    'anvil unix - - n - 1 anvil',
    'tlsmgr unix - - n 1000? 1 tlsmgr',
  ];
  return [...listeners, ...services.map((service) => `${service}\n`)].join('');
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function identity({ directory, hosts }: MtaPlace): Record<string, string> {
  return {
    compatibility_level: '3.6',
    queue_directory: join(directory, 'queue'),
    data_directory: join(directory, 'data'),
    maillog_file: join(directory, 'log'),
    maillog_file_prefixes: directory,
    inet_interfaces: hosts.map(bracketed).join(', '),
    inet_protocols: hosts.length > 1 ? 'all' : 'ipv4',
    myhostname: mtaHostName,
    mydestination: testDomain,
    // Nobody connects from there: relaying is refused to loopback clients as to anybody else.
    mynetworks: '127.250.0.0/16',
  };
}

function acceptance(configuration: string): Record<string, string> {
  return {
    local_recipient_maps: `regexp:${join(configuration, 'recipients')}`,
    alias_maps: '',
    alias_database: '',
    smtpd_relay_restrictions: 'permit_sasl_authenticated, reject_unauth_destination',
    smtpd_sasl_auth_enable: 'yes',
    // Debian 12's Postfix ignores this and looks there anyway; Debian 13's needs it.
    cyrus_sasl_config_path: join(configuration, 'sasl'),
    smtpd_sasl_local_domain: testLogin.realm,
    // Whatever is accepted goes on hold; and if it got loose, it would go nowhere.
    smtpd_data_restrictions: 'check_client_access static:HOLD',
    default_transport: 'discard',
    local_transport: 'discard',
    relay_transport: 'discard',
    smtp_dns_support_level: 'disabled',
    smtpd_authorized_xclient_hosts: '127.0.0.0/8, [::1]/128',
    // Loopback clients count as local ones, to whose mail Postfix adds headers of its own.
    local_header_rewrite_clients: '',
    smtpd_error_sleep_time: '0',
    smtpd_hard_error_limit: '1000',
    smtpd_client_connection_rate_limit: '0',
    smtpd_client_connection_count_limit: '0',
  };
}

function tls(configuration: string): Record<string, string> {
  const { certificate, key } = certificateIn(configuration);
  return {
    smtpd_tls_security_level: 'may',
    smtpd_tls_cert_file: certificate,
    smtpd_tls_key_file: key,
  };
}

function milter({ milter, protocol, defaultAction }: PostfixOptions): Record<string, string> {
  return {
    smtpd_milters: milter,
    milter_connect_timeout: '5s',
    milter_command_timeout: '10s',
    milter_content_timeout: '20s',
    ...(protocol === undefined ? {} : { milter_protocol: String(protocol) }),
    ...(defaultAction === undefined ? {} : { milter_default_action: defaultAction }),
  };
}
