import { writeFileSync } from 'node:fs';
import { runWithInput } from './commands.js';
import { testLogin } from './instance.js';

/** Writes a Cyrus SASL configuration and the file of the only login that it knows. */
export function writeLogins(configuration: string, logins: string): void {
  const settings = {
    pwcheck_method: 'auxprop',
    auxprop_plugin: 'sasldb',
    mech_list: 'PLAIN',
    sasldb_path: logins,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}: ${value}\n`);
  writeFileSync(configuration, lines.join(''), { mode: 0o644 });
  const { user, password, realm } = testLogin;
  runWithInput('saslpasswd2', ['-p', '-c', '-f', logins, '-u', realm, user], password);
}
