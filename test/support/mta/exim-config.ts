import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mtaHostName, runCommand } from './commands.js';
import { testDomain, testLogin, type MtaPlace } from './instance.js';
import { eximAssembler, eximBinary, eximPieces } from './places.js';

/**
 * Writes Debian's own configuration of Exim for this place, as its administrator would have it made.
 *
 * @param localMacros lines of `conf.d/main/000_localmacros`
 * @returns the file that Exim reads
 */
export async function writeEximConfiguration(
  { directory, port, hosts }: MtaPlace,
  localMacros: readonly string[],
): Promise<string> {
  const pieces = join(directory, 'etc/exim4');
  const file = join(directory, 'etc/exim.conf');
  cpSync(eximPieces, pieces, { recursive: true });
  const addPiece = (name: string, lines: readonly string[]): void =>
    writeFileSync(join(pieces, 'conf.d', name), `${lines.join('\n')}\n`);
  writeFileSync(join(pieces, 'update-exim4.conf.conf'), debconfAnswers(hosts));
  addPiece('main/000_localmacros', [
    `CONFDIR = ${pieces}`,
    `SPOOLDIR = ${join(directory, 'spool')}`,
    `MAIN_HARDCODE_PRIMARY_HOSTNAME = ${mtaHostName}`,
    ...localMacros,
  ]);
  addPiece('main/99_test', [
    `daemon_smtp_ports = ${port}`,
    `log_file_path = ${join(directory, 'log')}/%slog`,
    `pid_file_path = ${join(directory, 'pid')}`,
    // Accepted mail stays in the queue, and no queue runner is started.
    'queue_only',
  ]);
  addPiece('router/050_test', [
    'test_recipients:',
    '  driver = redirect',
    '  domains = +local_domains',
    String.raw`  local_parts = \N^user[1-9](\+.*)?$\N : postmaster`,
    '  data = :blackhole:',
  ]);
  addPiece('auth/99_test', [
    'test_login:',
    '  driver = plaintext',
    '  public_name = PLAIN',
    '  server_prompts = :',
    '  server_set_id = $auth2',
    `  server_condition = \${if and{{eq{$auth2}{${testLogin.user}}}{eq{$auth3}{${testLogin.password}}}}}`,
    '  server_advertise_condition = yes',
  ]);
  await assemble(directory, pieces, file);
  return file;
}

/** Runs Debian's program, with our paths in place of those it has fixed. */
async function assemble(directory: string, pieces: string, file: string): Promise<void> {
  const mailName = join(directory, 'etc/mailname');
  const program = join(directory, 'etc/update-exim4.conf');
  writeFileSync(mailName, `${mtaHostName}\n`);
  const script = readFileSync(eximAssembler, 'utf8')
    .replace(/^EXIM=.*$/m, `EXIM="${eximBinary}"`)
    .replaceAll('/etc/mailname', mailName);
  writeFileSync(program, script);
  await runCommand('sh', [program, '--confdir', pieces, '--output', file]);
  const text = readFileSync(file, 'utf8').replace(/^exim_path = .*$/m, `exim_path = ${eximBinary}`);
  writeFileSync(file, text);
}

/** The answers to the questions that Debian's package asks: mail for us, from the internet. */
function debconfAnswers(hosts: readonly string[]): string {
  const answers = {
    dc_eximconfig_configtype: 'internet',
    dc_other_hostnames: testDomain,
    dc_local_interfaces: hosts.join(' ; '),
    dc_readhost: '',
    dc_relay_domains: '',
    dc_minimaldns: 'false',
    dc_relay_nets: '',
    dc_smarthost: '',
    CFILEMODE: '644',
    dc_use_split_config: 'true',
    dc_hide_mailname: '',
    dc_mailname_in_oh: 'true',
    dc_localdelivery: 'mail_spool',
  };
  return Object.entries(answers)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('');
}
