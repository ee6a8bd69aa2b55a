import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { runCommandLine } from '../../src/cli/command-line.js';
import { exitCodes } from '../../src/cli/arguments/exit-codes.js';
import { skipWithout } from '../support/mta/availability.js';
import { runCommand } from '../support/mta/commands.js';
import { sendmailCfDirectory } from '../support/mta/places.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';

/** The configuration of some Postfix, as administrators write it, comments and folds included. */
function createPostfix(t: TestContext, chroot: 'y' | 'n' = 'y') {
  const directory = createTempDirectory(t);
  const queue = join(directory, 'queue');
  mkdirSync(join(queue, 'greymilter'), { recursive: true });
  const main = join(directory, 'main.cf');
  writeFileSync(
    main,
    `# Ours.\ncompatibility_level = 3.6\nqueue_directory = ${queue}\nmydestination = local.test, $relay_domains\n` +
      'relay_domains = \n  example.net\nmynetworks = 127.0.0.0/8, 192.0.2.0/24\n' +
      'smtpd_milters =\n  # DKIM\n  inet:127.0.0.1:8891\n',
  );
  writeFileSync(join(directory, 'master.cf'), `smtp inet n - ${chroot} - - smtpd\n`);
  chmodSync(main, 0o640);
  const run = setup('postfix', '--directory', directory);
  const socket = `unix:${join(queue, 'greymilter/milter.sock')}`;
  const value = async (name: string): Promise<string> =>
    (await runCommand('postconf', ['-c', directory, '-h', name])).trim();
  return { directory, main, run, socket, value };
}

function setup(...first: readonly string[]) {
  return async (...args: readonly string[]) => {
    const output = new RecordingOutput();
    const code = await runCommandLine(['setup', ...first, ...args], output);
    return { code, printed: output.printed, errors: output.errors };
  };
}

/** Runs what may not read a file, whoever runs the tests. */
async function asNobody<Result>(file: string, run: () => Promise<Result>): Promise<Result> {
  const { geteuid, seteuid } = process;
  if (geteuid === undefined || seteuid === undefined) throw new Error('no users here');
  const own = geteuid();
  chmodSync(file, 0);
  if (own === 0) seteuid('nobody');
  try {
    return await run();
  } finally {
    if (own === 0) seteuid(own);
  }
}

const entry = '{ unix:greymilter/milter.sock, default_action=accept }';

describe('greymilter setup postfix', { skip: skipWithout('postfix') }, () => {
  test('prints the lines, and changes nothing', async (t) => {
    const { main, run, socket } = createPostfix(t);
    const before = readFileSync(main, 'utf8');
    const { code, printed, errors } = await run('--listen', socket);
    assert.equal(code, exitCodes.done);
    assert.equal(
      printed,
      `# For ${main}:\nsmtpd_milters = ${entry}, inet:127.0.0.1:8891\n\n` +
        '# For greymilter.yaml, what Postfix knows of your networks and domains:\n' +
        'trusted: [loopback, private, 192.0.2.0/24]\nlocal-domains: [local.test, example.net]\n',
    );
    assert.match(errors, /^warning: .*milter\.sock/m);
    assert.equal(readFileSync(main, 'utf8'), before);
  });

  test('writes them once, and takes them back byte for byte', async (t) => {
    const { directory, main, run, socket, value } = createPostfix(t);
    const before = readFileSync(main, 'utf8');
    const { printed } = await run('--listen', socket, '--write');
    assert.match(printed, /main\.cf is written; .*before-greymilter\.\nNow: postfix reload\n/);
    assert.equal(await value('smtpd_milters'), `${entry}, inet:127.0.0.1:8891`);
    assert.equal(readFileSync(`${main}.before-greymilter`, 'utf8'), before);
    assert.equal(statSync(`${main}.before-greymilter`).mode & 0o777, 0o640);
    await runCommand('postconf', ['-c', directory, '-n']);
    const written = readFileSync(main, 'utf8');
    assert.match((await run('--listen', socket, '--write')).printed, /says so already/);
    assert.equal(readFileSync(main, 'utf8'), written);

    assert.match((await run('--listen', socket, '--undo')).printed, /is as it was/);
    assert.equal(readFileSync(main, 'utf8'), before);
    assert.equal(existsSync(`${main}.before-greymilter`), false);
    assert.match((await run('--listen', socket, '--undo')).printed, /There is nothing/);
    assert.equal(readFileSync(main, 'utf8'), before);
  });

  test('comments of any character set stay byte for byte', async (t) => {
    const { main, run, socket } = createPostfix(t);
    appendFileSync(main, Buffer.from('# Ren\xe9.\n', 'latin1'));
    const before = readFileSync(main);
    await run('--listen', socket, '--write');
    assert.deepEqual(readFileSync(`${main}.before-greymilter`), before);
    assert.match((await run('--listen', socket, '--undo')).printed, /is as it was/);
    assert.deepEqual(readFileSync(main), before);
  });

  test('a second address takes the place of the first, and one undo takes back both', async (t) => {
    const { main, run, socket, value } = createPostfix(t);
    const before = readFileSync(main, 'utf8');
    await run('--listen', socket, '--write');
    await run('--listen', socket, '--listen', `${socket}2`, '--write');
    await run('--listen', `${socket}2`, '--listen', socket, '--write');
    assert.equal(
      await value('smtpd_milters'),
      '{ unix:greymilter/milter.sock2, default_action=accept }, inet:127.0.0.1:8891',
    );
    await run('--undo');
    assert.equal(readFileSync(main, 'utf8'), before);
  });

  test('what others have changed since stays', async (t) => {
    const { main, run, socket, value } = createPostfix(t);
    await run('--listen', socket, '--write');
    appendFileSync(main, '# Mine.\nsoft_bounce = yes\n');
    const { printed } = await run('--listen', socket, '--undo');
    assert.match(printed, /is taken out of .*others have changed/);
    assert.equal(await value('smtpd_milters'), 'inet:127.0.0.1:8891');
    assert.match(readFileSync(main, 'utf8'), /# Mine\.\nsoft_bounce = yes\n/);
  });

  test('what others have added to our line stays', async (t) => {
    const { directory, main, run, socket, value } = createPostfix(t);
    await run('--listen', socket, '--write');
    await runCommand('postconf', ['-c', directory, `smtpd_milters=inet:127.0.0.1:1, ${entry}`]);
    // A change between two of ours: what is kept is not what an undo may put back.
    await run('--policy', '--listen', 'inet:10023@127.0.0.1', '--write');
    assert.match(await value('smtpd_recipient_restrictions'), /check_policy_service/);
    await run('--listen', socket, '--undo');
    assert.equal(await value('smtpd_milters'), 'inet:127.0.0.1:1');
    assert.doesNotMatch(readFileSync(main, 'utf8'), /restrictions/);
  });

  test('what others have set between two writes is what an undo puts back', async (t) => {
    const { directory, main, run, value } = createPostfix(t);
    const at = (port: number) => ['--policy', '--listen', `inet:${port}@127.0.0.1`];
    await run(...at(1), '--write');
    const name = 'smtpd_recipient_restrictions';
    await runCommand('postconf', ['-c', directory, `${name}=reject_unauth_destination, reject`]);
    const theirs = readFileSync(main, 'utf8');
    await run(...at(2), '--write');
    assert.match(await value(name), /inet:127\.0\.0\.1:2,/);
    assert.equal(readFileSync(`${main}.before-greymilter`, 'utf8'), theirs);
    await run(...at(2), '--undo');
    assert.equal(await value(name), 'reject_unauth_destination, reject');
  });

  test('what others have set between an undo and the next write is in what is kept', async (t) => {
    const { main, run, socket } = createPostfix(t);
    await run('--listen', socket, '--write');
    appendFileSync(main, 'soft_bounce = yes\n');
    await run('--listen', socket, '--undo');
    const theirs = readFileSync(main, 'utf8');
    await run('--listen', socket, '--write');
    assert.equal(readFileSync(`${main}.before-greymilter`, 'utf8'), theirs);
    assert.match((await run('--undo')).printed, /is as it was/);
    assert.equal(readFileSync(main, 'utf8'), theirs);
  });

  test('as a policy service', async (t) => {
    const { directory, main, run, value } = createPostfix(t);
    const before = readFileSync(main, 'utf8');
    const policy = ['--policy', '--listen', 'inet:10023@127.0.0.1'];
    const { printed } = await run(...policy);
    assert.match(printed, /^smtpd_data_restrictions = .*policy_context=also-at-data \}$/m);
    await run(...policy, '--write');
    assert.match(
      await value('smtpd_recipient_restrictions'),
      /reject_unauth_destination, reject_unlisted_recipient, check_policy_service \{ inet:127\.0\.0\.1:10023,/,
    );
    const said = await runCommand('postconf', ['-c', directory, '-n', 'smtpd_milters']);
    assert.doesNotMatch(said, /greymilter/);
    assert.match((await run(...policy, '--write')).printed, /says so already/);
    await run('--undo');
    assert.equal(readFileSync(main, 'utf8'), before);
  });

  test('refuses what cannot work', async (t) => {
    const { directory, main, run, socket } = createPostfix(t);
    const elsewhere = await run('--listen', 'unix:/run/greymilter/milter.sock');
    assert.equal(elsewhere.code, exitCodes.data);
    assert.match(
      elsewhere.errors,
      /nothing that a chrooted smtpd can see: .*listen\.socket\.group/,
    );
    const both = await run('--listen', socket, '--write', '--undo');
    assert.equal(both.code, exitCodes.usage);
    const nowhere = await setup('postfix')('--directory', join(directory, 'no'), '--write');
    assert.equal(nowhere.code, exitCodes.unavailable);
    assert.match(nowhere.errors, /postconf -c failed: .*main\.cf/);
    await run('--listen', socket, '--write');
    for (const damaged of ['[]', '{"before": 1, "wrote": {}, "sha256": ""}', '{']) {
      writeFileSync(`${main}.greymilter.json`, damaged);
      const { code, errors } = await run('--undo');
      assert.equal(code, exitCodes.data);
      assert.match(errors, /is not what was written there/);
    }
    assert.match((await setup()()).errors, /setup what\? postfix or sendmail/);
  });

  test('without a chroot any socket will do, and permission is tried', async (t) => {
    const { run, directory } = createPostfix(t, 'n');
    const path = join(directory, 'socket');
    writeFileSync(path, '', { mode: 0o600 });
    const denied = await run('--listen', `unix:${path}`);
    assert.match(denied.errors, /^warning: the user postfix may not connect to .*socket\.group/m);
    chmodSync(path, 0o666);
    chmodSync(directory, 0o755);
    const allowed = await run('--listen', `unix:${path}`);
    assert.doesNotMatch(allowed.errors, /warning/);
    assert.ok(allowed.printed.includes(`{ unix:${path}, default_action=accept }`));
  });
});

/** A directory of Sendmail's, and its m4 files with or without our feature. */
function createSendmail(
  t: TestContext,
  { feature = true, mc = stock }: Partial<SendmailGiven> = {},
) {
  const root = createTempDirectory(t);
  const directory = join(root, 'mail');
  const cf = join(root, 'cf');
  for (const part of ['m4', 'ostype', 'mailer', 'domain', 'sh', 'feature'])
    cpSync(join(sendmailCfDirectory, part), join(cf, part), { recursive: true });
  if (feature) cpSync('config/mta/greymilter.m4', join(cf, 'feature/greymilter.m4'));
  mkdirSync(directory);
  const [mcFile, cfFile] = [join(directory, 'sendmail.mc'), join(directory, 'sendmail.cf')];
  writeFileSync(mcFile, mc.replaceAll('CF/', `${cf}/`));
  writeFileSync(cfFile, 'what make made\n', { mode: 0o640 });
  const run = setup('sendmail', '--directory', directory, '--cf-directory', cf);
  return { mcFile, cfFile, run };
}

interface SendmailGiven {
  readonly feature: boolean;
  readonly mc: string;
}

const stock = [
  "OSTYPE(`linux')dnl",
  "INPUT_MAIL_FILTER(`other', `S=inet:1@127.0.0.1')dnl",
  "MAILER(`smtp')dnl",
  '',
].join('\n');
const listen = ['--listen', 'unix:/run/greymilter/milter.sock'] as const;

describe('greymilter setup sendmail', { skip: skipWithout('sendmail') }, () => {
  for (const feature of [true, false])
    test(`${feature ? 'with' : 'without'} our feature: printed, written, taken back`, async (t) => {
      const { mcFile, cfFile, run } = createSendmail(t, { feature });
      const line = feature
        ? "FEATURE(`greymilter', `unix:/run/greymilter/milter.sock')dnl"
        : "INPUT_MAIL_FILTER(`greymilter', `S=unix:/run/greymilter/milter.sock, T=C:10s;S:10s;R:10s;E:1m')dnl";
      const printed = await run(...listen);
      assert.equal(
        printed.printed,
        `dnl For ${mcFile}, above the MAILER lines and other filters:\n${line}\n`,
      );
      assert.equal(readFileSync(mcFile, 'utf8'), stock);

      assert.equal((await run(...listen, '--write')).code, exitCodes.done);
      const cf = readFileSync(cfFile, 'utf8');
      assert.match(cf, /^O InputMailFilters=greymilter, other$/m);
      assert.match(
        cf,
        /^Xgreymilter, S=unix:\/run\/greymilter\/milter\.sock, T=C:10s;S:10s;R:10s;E:1m$/m,
      );
      assert.equal(statSync(cfFile).mode & 0o777, 0o640);
      assert.match((await run(...listen, '--write')).printed, /says so already/);

      assert.match((await run('--undo')).printed, /are as they were/);
      assert.equal(readFileSync(mcFile, 'utf8'), stock);
      assert.equal(readFileSync(cfFile, 'utf8'), 'what make made\n');
      assert.match((await run('--undo')).printed, /There is nothing/);
    });

  test('what others have changed since stays', async (t) => {
    const mc = "include(`CF/m4/cf.m4')dnl\nOSTYPE(`linux')dnl\nMAILER(`smtp')dnl\n";
    const { mcFile, cfFile, run } = createSendmail(t, { mc });
    await run('--listen', 'inet:10033@127.0.0.1', '--write');
    assert.match(readFileSync(cfFile, 'utf8'), /^Xgreymilter, S=inet:10033@127\.0\.0\.1,/m);
    appendFileSync(mcFile, 'dnl Mine.\n');
    assert.match((await run('--undo')).printed, /sendmail\.cf is made anew/);
    assert.match(readFileSync(mcFile, 'utf8'), /MAILER\(`smtp'\)dnl\ndnl Mine\.\n$/);
    assert.doesNotMatch(readFileSync(cfFile, 'utf8'), /^Xgreymilter/m);
  });

  test('comments of any character set stay byte for byte', async (t) => {
    const { mcFile, cfFile, run } = createSendmail(t);
    const before = Buffer.from(`dnl Ren\xe9.\n${stock}`, 'latin1');
    writeFileSync(mcFile, before);
    writeFileSync(cfFile, Buffer.from('# Ren\xe9.\n', 'latin1'));
    await run('--listen', 'unix:/run/ä/milter.sock', '--write');
    const written = readFileSync(mcFile);
    assert.ok(written.includes(Buffer.from('Ren\xe9.', 'latin1')));
    assert.ok(written.includes('unix:/run/ä/milter.sock'));
    assert.ok(readFileSync(cfFile).includes('S=unix:/run/ä/milter.sock'));
    assert.deepEqual(readFileSync(`${mcFile}.before-greymilter`), before);
    await run('--undo');
    assert.deepEqual(readFileSync(mcFile), before);
    assert.equal(readFileSync(cfFile, 'latin1'), '# Ren\xe9.\n');
  });

  test('a sendmail.cf that was made anew keeps what it was made of', async (t) => {
    const { mcFile, cfFile, run } = createSendmail(t, { mc: `include(\`CF/site.m4')\n${stock}` });
    const site = join(dirname(mcFile), '../cf/site.m4');
    writeFileSync(site, '');
    const before = readFileSync(mcFile, 'utf8');
    await run(...listen, '--write');
    writeFileSync(site, "define(`SMART_HOST', `smtp.example.net')dnl\n");
    // What make does.
    writeFileSync(cfFile, 'made anew, with DSsmtp.example.net\n');
    await run('--listen', 'inet:10033@127.0.0.1', '--write');
    assert.match(
      (await run('--undo')).printed,
      /sendmail\.mc is as it was\. sendmail\.cf was made anew/,
    );
    assert.equal(readFileSync(mcFile, 'utf8'), before);
    assert.match(readFileSync(cfFile, 'utf8'), /^DSsmtp\.example\.net$/m);
    assert.doesNotMatch(readFileSync(cfFile, 'utf8'), /^Xgreymilter/m);
  });

  test('a link to sendmail.mc stays one', async (t) => {
    const { mcFile, run } = createSendmail(t);
    const elsewhere = join(createTempDirectory(t), 'ours.mc');
    renameSync(mcFile, elsewhere);
    symlinkSync(elsewhere, mcFile);
    await run(...listen, '--write');
    assert.equal(readlinkSync(mcFile), elsewhere);
    assert.match(readFileSync(elsewhere, 'utf8'), /greymilter/);
    assert.match((await run('--undo')).printed, /are as they were/);
    assert.equal(readlinkSync(mcFile), elsewhere);
    assert.equal(readFileSync(elsewhere, 'utf8'), stock);
  });

  test('writes nothing that m4 or Sendmail would not take', async (t) => {
    const broken = createSendmail(t, { mc: `include(\`no/such/file')\n${stock}` });
    const { code, errors } = await broken.run(...listen, '--write');
    assert.equal(code, exitCodes.unavailable);
    assert.match(errors, /m4 makes no sendmail\.cf of it: .*no\/such\/file/);
    const { mcFile, run } = createSendmail(t, { mc: "OSTYPE(`linux')dnl\n" });
    assert.equal((await run(...listen, '--write')).code, exitCodes.data);
    assert.equal(readFileSync(mcFile, 'utf8'), "OSTYPE(`linux')dnl\n");
    const nowhere = await setup('sendmail', '--directory', join(mcFile, 'no'))(...listen);
    assert.equal(nowhere.code, exitCodes.cannotCreate);
    assert.match(nowhere.errors, /sendmail\.mc: there is no such file; --directory says where/);
  });

  test('prints the line to users who may not read all of it, and sends them to root for more', async (t) => {
    const { mcFile, run } = createSendmail(t, { mc: `include(\`CF/site.m4')\n${stock}` });
    const root = dirname(dirname(mcFile));
    writeFileSync(join(root, 'cf/site.m4'), '', { mode: 0o600 });
    for (const part of [root, join(root, 'mail'), join(root, 'cf')]) chmodSync(part, 0o755);
    const printed = await asNobody(join(root, 'cf/site.m4'), () => run(...listen));
    assert.equal(printed.code, exitCodes.done, printed.errors);
    assert.match(printed.printed, /^FEATURE\(`greymilter', /m);
    const { code, errors } = await asNobody(join(root, 'cf/site.m4'), () =>
      run(...listen, '--write'),
    );
    assert.equal(code, exitCodes.permission);
    assert.match(errors, /site\.m4.*: Permission denied; try it as root$/m);
  });

  test('warns of a socket that Sendmail would call unsafe', async (t) => {
    const { run } = createSendmail(t);
    const { errors } = await run('--listen', 'unix:/tmp/milter.sock');
    assert.match(errors, /^warning: others may write to \/tmp, /);
  });

  test('warns while nobody listens there', async (t) => {
    const { mcFile, run } = createSendmail(t);
    const path = join(dirname(mcFile), 'milter.sock');
    const absent = await run('--listen', `unix:${path}`);
    assert.match(absent.errors, /^warning: nobody listens on unix:.*milter\.sock now: .*passes/m);
    const server = createServer().listen(path);
    t.after(() => server.close());
    await once(server, 'listening');
    assert.doesNotMatch((await run('--listen', `unix:${path}`)).errors, /nobody listens/);
  });
});
