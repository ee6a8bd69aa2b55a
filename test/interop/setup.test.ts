import assert from 'node:assert/strict';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { runCommandLine } from '../../src/cli/command-line.js';
import { lastFirst } from '../support/clean-ups.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import { skipWithout, type MtaKind } from '../support/mta/availability.js';
import {
  createSocketDirectory,
  makeMtaDirectory,
  sendmailCfDirectory,
} from '../support/mta/places.js';
import { startPostfix } from '../support/mta/postfix.js';
import { startSendmail } from '../support/mta/sendmail.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { MailSite } from './mail-site.js';

/** Runs a command that is to succeed. */
async function greymilter(...args: readonly string[]): Promise<void> {
  const output = new RecordingOutput();
  const code = await runCommandLine(args, output);
  assert.equal(code, 0, output.errors);
}

/** Sendmail's m4 files with our feature among them, as the package installs it. */
function createCfDirectory(t: TestContext): string {
  const directory = makeMtaDirectory('cf');
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  cpSync(sendmailCfDirectory, directory, { recursive: true });
  mkdirSync(join(directory, 'feature'), { recursive: true });
  cpSync('config/mta/greymilter.m4', join(directory, 'feature/greymilter.m4'));
  return directory;
}

async function startSetUp(
  t: TestContext,
  kind: MtaKind,
  service: 'milter' | 'policy',
): Promise<MailSite> {
  const cleanUp = lastFirst(t);
  const socket = `unix:${join(createSocketDirectory(cleanUp), 'filter.sock')}`;
  const daemon = await startTestDaemon(cleanUp, {
    overrides: ['trusted=[]', 'listen.socket.mode="0666"', 'limits.drain=5s'],
    ...(service === 'milter' ? { listen: [socket] } : { listen: [], policy: [socket] }),
  });
  const setup = async (etc: string, ...more: readonly string[]): Promise<void> => {
    await greymilter('setup', kind, '--directory', etc, '--listen', socket, '--write', ...more);
  };
  const policy = service === 'policy' ? ['--policy'] : [];
  const mta =
    kind === 'postfix'
      ? await startPostfix({ milter: '', beforeStart: (etc) => setup(etc, ...policy) })
      : await startSendmail({
          milter: '',
          beforeStart: (etc) => setup(etc, '--cf-directory', createCfDirectory(t)),
        });
  cleanUp.after(() => mta.stop());
  return new MailSite(daemon, mta);
}

for (const [kind, service] of [
  ['postfix', 'milter'],
  ['postfix', 'policy'],
  ['sendmail', 'milter'],
] as const)
  describe(`${kind}, set up for a ${service}`, { skip: skipWithout(kind) }, () => {
    test('greylists, and lets mail pass while the filter is down', async (t) => {
      const site = await startSetUp(t, kind, service);
      const mail = { sender: 'joe@client.example', recipients: ['user1@local.test'] };
      const smtp = await site.connect();
      const { recipients } = await smtp.offer(mail);
      assert.match(recipients[0]?.text ?? '', /Greylisted, please try again in 180 seconds/);
      site.daemon.clock.advance(180_000);
      assert.equal((await smtp.offer(mail)).data?.code, 250);
      await smtp.quit();
      await site.mta.flush();
      await site.daemon.daemon.stop();
      const later = await site.connect();
      const passed = await later.offer({ ...mail, sender: 'jane@client.example' });
      assert.equal(passed.data?.code, 250);
      await later.quit();
    });
  });
