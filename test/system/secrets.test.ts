import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommandLine } from '../../src/cli/command-line.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { deliver } from './smtp-session.js';

const token = 'TOKEN-0123456789-abcdefghij';
const wrongToken = 'WRONG-0123456789-abcdefghij';
const bindPassword = 'BINDPASSWORD';
const urlPassword = 'URLPASSWORD';
const apiKey = 'APIKEY';
const pseudonymKey = 'PSEUDONYMKEY'.repeat(3);
const secrets = [token, wrongToken, bindPassword, urlPassword, apiKey, pseudonymKey];

test('no secret is in the log, the status, the metrics or what check-config shows', async (t) => {
  const directory = createTempDirectory(t);
  const file = (name: string, text: string): string => {
    writeFileSync(join(directory, name), text, { mode: 0o600 });
    return join(directory, name);
  };
  // Nobody answers at port 9, so that what could not be asked is told of.
  const text = `
listen: {admin: 'unix:${join(directory, 'admin.sock')}', http: 'inet:127.0.0.1:0'}
http: {token-file: ${file('tokens', `admin ${token}\n`)}}
log: {level: debug, privacy: {key-file: ${file('key', pseudonymKey)}, hide: [sender]}}
lookups:
  resolvers: ['127.0.0.1:9']
  urls: {check: {url: 'http://joe:${urlPassword}@127.0.0.1:9/?from={sender}&api_key=${apiKey}'}}
  ldap:
    servers: ldap://127.0.0.1:9
    bind: {dn: 'cn=filter', password-file: ${file('password', `${bindPassword}\n`)}}
  ldap-queries: {partners: {url: 'ldap:///dc=example?mail?sub?(mail={sender})'}}
rules:
  - {name: asks, when: {url: check}, then: accept}
  - {name: asks too, when: {ldap: partners}, then: accept}
`;
  const daemon = await startTestDaemon(t, { text });
  await deliver(daemon);
  const at = daemon.daemon.listeners.find(({ protocol }) => protocol === 'http')?.address;
  const port = /^inet:(\d+)@/.exec(at ?? '')?.[1] ?? assert.fail(at);
  const shown: string[] = [];
  for (const sent of [wrongToken, token])
    for (const path of ['/v1/status', '/metrics', '/health', `/v1/records?id=${sent}`]) {
      const headers = { authorization: `Bearer ${sent}` };
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
      shown.push(path.includes(sent) ? '' : await answer.text());
    }
  const config = file('greymilter.yaml', text);
  for (const args of [
    ['check-config', config],
    ['status', '--config', config],
    ['status', '--json', '--config', config],
    ['check-config', file('wrong.yaml', text.replaceAll('servers:', 'sevrers:'))],
  ]) {
    const output = new RecordingOutput();
    await runCommandLine(args, output);
    assert.notEqual(output.printed + output.errors, '', args.join(' '));
    shown.push(output.printed, output.errors);
  }
  await daemon.reload({ text: text.replace('level: debug', 'level: info') });
  shown.push(JSON.stringify(daemon.logger.entries));
  assert.match(shown.join('\n'), /token-file/);
  assert.match(shown.join('\n'), /ECONNREFUSED/);
  for (const secret of secrets)
    assert.equal(
      shown.find((one) => one.includes(secret)),
      undefined,
      secret,
    );
  for (const { message } of daemon.logger.entries.filter(({ level }) => level === 'warn'))
    daemon.logger.take(message);
});
