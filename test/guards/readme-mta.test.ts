import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { inPostfixSpelling } from '../interop/mail-site.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import { requireMta, skipWithout } from '../support/mta/availability.js';
import { mtaEnvironment, runWithInput, underMtaHostName } from '../support/mta/commands.js';
import {
  makeMtaDirectory,
  mtaBase,
  sendmailBinary,
  sendmailCfDirectory,
} from '../support/mta/places.js';
import { startPostfix } from '../support/mta/postfix.js';
import { connectSmtp, type MailReplies } from '../support/smtp-client.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { projectRoot, readHandbook } from './readme-text.js';

const { snippets } = readHandbook();

function blocks(info: string): readonly string[] {
  return snippets.filter((snippet) => snippet.info === info).map(({ lines }) => lines.join('\n'));
}

/** A shipped file without its comments. */
function shipped(name: string, comment: string): string {
  const lines = readFileSync(join(projectRoot, 'config/mta', name), 'utf8')
    .trim()
    .split('\n');
  return lines.filter((line) => !line.startsWith(comment)).join('\n');
}

test('the files of config/mta are what README.md shows', () => {
  assert.deepEqual(blocks('text main.cf'), [
    shipped('postfix-inet.cf', '#'),
    shipped('postfix-unix.cf', '#'),
  ]);
  assert.deepEqual(blocks('m4 sendmail.mc'), [shipped('sendmail.mc', 'dnl')]);
});

/** Postfix has these lines of main.cf, and nothing to say of them. */
function readsBack(t: TestContext, block: string): void {
  requireMta('postfix');
  const directory = createTempDirectory(t);
  writeFileSync(join(directory, 'main.cf'), `compatibility_level = 3.6\n${block}\n`);
  writeFileSync(join(directory, 'master.cf'), '');
  const { stdout, stderr } = spawnSync('postconf', ['-c', directory, '-n'], {
    env: mtaEnvironment,
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  for (const line of block.split('\n')) assert.ok(stdout.split('\n').includes(line), stdout);
}

describe("The handbook's lines for main.cf", { skip: skipWithout('postfix') }, () => {
  for (const block of blocks('text main.cf')) {
    test(`Postfix reads ${block} back without a warning`, (t) => readsBack(t, block));

    test(`with ${block} mail passes while the filter is down`, async (t) => {
      const milter = block.replace(/^smtpd_milters = /, '').replace(':10033', ':1');
      const postfix = await startPostfix({ milter, chroot: milter.includes('unix:') });
      t.after(() => postfix.stop());
      const client = await connectSmtp(postfix);
      await client.ehlo();
      const { recipients } = await client.offer({
        sender: 'joe@example.net',
        recipients: ['user1@local.test'],
      });
      await client.quit();
      assert.deepEqual(
        recipients.map(({ code }) => code),
        [250],
      );
    });
  }
});

describe("The handbook's lines for check_policy_service", { skip: skipWithout('postfix') }, () => {
  const settingsOf = (block: string): readonly (readonly [name: string, value: string])[] =>
    block.split('\n').map((line) => {
      const [name = '', ...value] = line.split(' = ');
      return [name, value.join(' = ')];
    });
  const policyBlocks = blocks('text policy main.cf');

  for (const [index, block] of policyBlocks.entries()) {
    test(`Postfix reads block ${index + 1} back without a warning`, (t) => readsBack(t, block));
  }

  // The first asks at RCPT, the third at DATA as well; the others differ in what stands before.
  for (const [block = '', sender, refusedAt] of [
    [policyBlocks[0], 'joe@example.net', 'RCPT'],
    [policyBlocks[2], '', 'DATA'],
  ] as const) {
    test(`they put ${sender || '<>'} off at ${refusedAt}; with the filter down mail passes`, async (t) => {
      const daemon = await startTestDaemon(t, {
        overrides: ['trusted=[]'],
        policy: ['inet:0@127.0.0.1'],
      });
      const service = inPostfixSpelling(daemon.addresses[1] ?? '');
      const offerTo = async (address: string): Promise<MailReplies> => {
        const lines = block.replaceAll('inet:127.0.0.1:10023', address);
        const extraMainCf = Object.fromEntries(settingsOf(lines));
        const postfix = await startPostfix({ milter: '', extraMainCf });
        t.after(() => postfix.stop());
        const client = await connectSmtp(postfix);
        await client.ehlo();
        await client.xclient({ ADDR: '203.0.113.7', NAME: 'first.example' });
        await client.ehlo();
        const replies = await client.offer({ sender, recipients: ['user1@local.test'] });
        await client.quit();
        return replies;
      };
      const { recipients, data } = await offerTo(service);
      assert.equal((refusedAt === 'RCPT' ? recipients[0] : data)?.code, 450);
      assert.equal((await offerTo('inet:127.0.0.1:1')).data?.code, 250);
    });
  }
});

describe("The handbook's lines for master.cf", { skip: skipWithout('postfix') }, () => {
  for (const block of blocks('text master.cf')) {
    test(`Postfix reads ${block.split('\n')[0] ?? ''} back without a warning`, (t) => {
      requireMta('postfix');
      const directory = createTempDirectory(t);
      writeFileSync(join(directory, 'main.cf'), 'compatibility_level = 3.6\n');
      writeFileSync(join(directory, 'master.cf'), `${block}\n`);
      const [service = '', ...options] = block.split('\n').map((line) => line.trim());
      const [name = '', type = ''] = service.split(' ');
      for (const [flag, lines] of [
        ['-M', [service]],
        ['-P', options.map((option) => `${name}/${type}/${option.replace(/^-o /, '')}`)],
      ] as const) {
        const { stdout, stderr } = spawnSync('postconf', ['-c', directory, flag], {
          env: mtaEnvironment,
          encoding: 'utf8',
        });
        assert.equal(stderr, '');
        const said = stdout.replace(/ = /g, '=').replace(/ +/g, ' ');
        for (const line of lines) assert.ok(said.includes(line), `${line}: ${said}`);
      }
      // With one of these it would not ask the filter.
      assert.doesNotMatch(block, /smtpd_milters|no_milters/);
    });
  }
});

describe("The handbook's lines for sendmail.mc", { skip: skipWithout('sendmail') }, () => {
  const makemap = join(mtaBase, 'sendmail/usr/libexec/sendmail/makemap');

  /** A sendmail.cf with the lines where README.md puts them. */
  function compile(directory: string): string {
    const include = blocks('m4 sendmail-access.mc').map((block) =>
      block.replace('/opt/greymilter/', projectRoot),
    );
    const mc = [
      'divert(0)dnl',
      "OSTYPE(`linux')dnl",
      "define(`confDOMAIN_NAME', `mx.local.test')dnl",
      "define(`QUEUE_DIR', `" + directory + "')dnl",
      "FEATURE(`access_db', `hash -T<TMPF> -o " + join(directory, 'access') + "')dnl",
      ...blocks('m4 sendmail.mc'),
      "MAILER(`local')dnl",
      "MAILER(`smtp')dnl",
      ...include,
      '',
    ];
    const m4 = [`-D_CF_DIR_=${sendmailCfDirectory}`, join(sendmailCfDirectory, 'm4/cf.m4'), '-'];
    return runWithInput('m4', m4, mc.join('\n'));
  }

  function createDirectory(t: TestContext): string {
    requireMta('sendmail');
    const directory = makeMtaDirectory('readme');
    t.after(() => {
      rmSync(directory, { recursive: true, force: true });
    });
    return directory;
  }

  test('they become a filter that is asked for', (t) => {
    const cf = compile(createDirectory(t)).split('\n');
    const [block = ''] = blocks('m4 sendmail.mc');
    const [, name = '', equates = ''] =
      /^INPUT_MAIL_FILTER\(`(\w+)', `(.*)'\)dnl$/.exec(block) ?? [];
    assert.ok(cf.includes(`X${name}, ${equates}`));
    assert.ok(cf.includes(`O InputMailFilters=${name}`));
  });

  test('the access map sets the macro {greylist}', (t) => {
    const directory = createDirectory(t);
    runWithInput(
      makemap,
      ['-C', '/dev/null', 'hash', join(directory, 'access')],
      `${blocks('text access').join('\n')}\n`,
    );
    writeFileSync(join(directory, 'sendmail.cf'), compile(directory));
    const clients = ['192.0.2.25', '192.0.2.26', '198.51.100.77', '198.51.101.77'];
    const questions = clients.flatMap((client) => [
      `.D{client_addr}${client}`,
      'Local_check_rcpt user@local.test',
      '${greylist}',
    ]);
    const options = ['-C', join(directory, 'sendmail.cf'), '-bt'];
    const answers = runWithInput(
      'unshare',
      underMtaHostName(sendmailBinary, options),
      `${questions.join('\n')}\n`,
    );
    const values = [...answers.matchAll(/^> (WHITE|NONE)$/gm)].map(([, value]) => value);
    assert.deepEqual(values, ['WHITE', 'NONE', 'WHITE', 'NONE'], answers);
  });
});
