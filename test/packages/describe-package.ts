import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { DebianRoot, skipWithoutDebian, type DebianRelease } from '../support/debian-root.js';
import { makeMtaDirectory } from '../support/mta/places.js';

const run = promisify(execFile);
const environment = { ...process.env, NODE_V8_COVERAGE: undefined, NODE_TEST_CONTEXT: undefined };

/** What systemd would do, by hand: its directory, then the daemon as its user, until the script ends. */
const serve = [
  'install -d -o greymilter -g greymilter -m 755 /run/greymilter',
  'as() { user=$1; shift; setpriv --reuid="$user" --regid="$user" --init-groups -- greymilter "$@"; }',
  'setpriv --reuid=greymilter --regid=greymilter --init-groups -- greymilter serve \\\n' +
    '--config /etc/greymilter/greymilter.yaml >/tmp/log 2>&1 & daemon=$!',
  'until grep -q " ready " /tmp/log; do kill -0 $daemon || { cat /tmp/log; exit 1; }; sleep 0.1; done',
  'stop() { kill $daemon; wait $daemon; }',
].join('\n');

const chrootSocket = 'unix:/var/spool/postfix/greymilter/milter.sock';

/** A package whose only difference is that it is newer. */
const upgrade = [
  'dpkg-deb -R /tmp/greymilter.deb /tmp/newer',
  String.raw`sed -i "s/^Version: .*/&.1/" /tmp/newer/DEBIAN/control`,
  'echo "# New here." | tee -a /tmp/newer/etc/greymilter/greymilter.yaml >>/tmp/newer/etc/logrotate.d/greymilter',
  'dpkg-deb -Znone -b /tmp/newer /tmp/newer.deb',
  'dpkg -i --force-confold /tmp/newer.deb',
].join('\n');

/** The life of one installation; the tests are in its order. */
export function describePackage(release: DebianRelease): void {
  const skip = skipWithoutDebian(release);
  describe(`the Debian package, in a Debian ${release}`, { skip }, () => {
    const directory = makeMtaDirectory('debian');
    const debian = new DebianRoot(release, directory);
    after(() => rmSync(directory, { recursive: true, force: true }));
    before(async () => {
      const folder = join(directory, 'packages');
      mkdirSync(folder);
      await run('scripts/debian/build', [folder], { env: environment });
      const [deb = ''] = readdirSync(folder);
      mkdirSync(join(debian.changed, 'tmp'), { mode: 0o1777 });
      copyFileSync(join(folder, deb), join(debian.changed, 'tmp/greymilter.deb'));
    });
    testInstalling(debian);
    testServing(debian);
    testLeaving(debian);
  });
}

function testInstalling(debian: DebianRoot): void {
  test('is installed: user, directories, unit', async () => {
    await debian.run('dpkg -i /tmp/greymilter.deb');
    const modes = await debian.run(
      'stat -c "%A %U:%G %n" /var/lib/greymilter /var/log/greymilter /var/spool/postfix/greymilter',
    );
    assert.deepEqual(modes.trim().split('\n'), [
      'drwx------ greymilter:greymilter /var/lib/greymilter',
      'drwxr-x--- greymilter:greymilter /var/log/greymilter',
      'drwxr-s--- greymilter:postfix /var/spool/postfix/greymilter',
    ]);
    assert.equal(
      (await debian.run('id -nG greymilter; systemctl is-enabled greymilter')).trim(),
      'greymilter\nenabled',
    );
    const verified = await debian.run(
      'systemd-analyze verify --man=no greymilter.service && echo good',
    );
    assert.match(verified, /^good$/m);
    assert.doesNotMatch(verified, /greymilter\.service:/);
  });
}

function testServing(debian: DebianRoot): void {
  test('serves Sendmail, and Postfix in its chroot', async () => {
    const told = await debian.run(
      `${serve}\nas greymilter probe unix:/run/greymilter/milter.sock\n` +
        `as postfix probe ${chrootSocket} --to postfix@example.org\nstop; cat /tmp/log`,
    );
    assert.equal(told.match(/451 4\.7\.1 Greylisted, please try again/g)?.length, 2, told);
    const nobody = `setpriv --reuid=nobody --regid=nogroup --clear-groups -- greymilter probe ${chrootSocket}`;
    const denied = await debian.run(`${serve}\n${nobody} || echo "ended with $?"; stop`);
    assert.match(denied, /^ended with 77$/m);
  });

  test('systemd starts it in its sandbox, reloads and stops it', async () => {
    const told = await debian.boot(
      [
        'systemctl show greymilter -p ActiveState -p StatusText',
        'pid=$(systemctl show greymilter -p MainPID --value)',
        'grep -E "^(Uid|CapEff|NoNewPrivs|Seccomp):" /proc/$pid/status',
        'grep "^Max core file size" /proc/$pid/limits',
        `setpriv --reuid=postfix --regid=postfix --init-groups greymilter probe ${chrootSocket}`,
        'systemctl reload greymilter',
        'systemctl stop greymilter',
        'systemctl show greymilter -p Result -p ExecMainStatus',
        'journalctl -u greymilter --no-pager -o cat',
      ].join('\n'),
    );
    for (const expected of [
      /^ActiveState=active$/m,
      /^StatusText=0 connections, unix:\/run\/greymilter\/milter\.sock /m,
      /^CapEff:\t0+$/m,
      /^NoNewPrivs:\t1$/m,
      // 2: its system calls are filtered.
      /^Seccomp:\t2$/m,
      /^Max core file size +0 +0 /m,
      /451 4\.7\.1 Greylisted, please try again in \d+ seconds/,
      /^Reloaded greymilter\.service/m,
      /^ExecMainStatus=0$/m,
      /^Result=success$/m,
    ])
      assert.match(told, expected);
  });

  test('systemd starts it anew when it hangs, and keeps its sockets while it is down', async () => {
    const probe = 'setpriv --reuid=greymilter --regid=greymilter --init-groups greymilter probe';
    const told = await debian.boot(
      [
        'cd /etc/systemd/system',
        'mkdir greymilter.service.d',
        String.raw`printf "[Service]\nWatchdogSec=20\nTimeoutAbortSec=1\n" >greymilter.service.d/soon.conf`,
        // As it comes with the package, and then with the other one of its configuration.
        'cp /usr/share/doc/greymilter/examples/greymilter.socket .',
        'systemctl daemon-reload; systemctl stop greymilter',
        'systemctl start greymilter.socket greymilter; systemctl is-active greymilter',
        'systemctl stop greymilter.socket greymilter',
        'sed -i "s,^# For Postfix: ,," greymilter.socket',
        `grep -x ListenStream=${chrootSocket.slice('unix:'.length)} greymilter.socket`,
        'systemctl daemon-reload',
        'systemctl stop greymilter',
        'systemctl enable --now greymilter.socket',
        'systemctl start greymilter',
        'pid=$(systemctl show greymilter -p MainPID --value)',
        // Longer than the watchdog is: it is fed.
        'sleep 25; test "$pid" = "$(systemctl show greymilter -p MainPID --value)"',
        'kill -STOP "$(systemctl show greymilter -p MainPID --value)"',
        `${probe} unix:/run/greymilter/milter.sock --timeout 60s`,
        'systemctl show greymilter -p NRestarts -p ActiveState',
        'systemctl stop greymilter',
        `${probe} ${chrootSocket} --timeout 60s >/tmp/waited & probe=$!`,
        'sleep 1; systemctl start greymilter; wait $probe; cat /tmp/waited',
        'systemctl stop greymilter.socket greymilter; systemctl disable greymilter.socket',
        'rm -r greymilter.socket greymilter.service.d',
        'journalctl -u greymilter --no-pager -o cat',
      ].join('\n'),
    );
    assert.match(told, /Watchdog timeout/);
    // More than one on a machine that stands still for as long.
    assert.match(told, /^NRestarts=[1-9]/m);
    assert.match(told, /^ActiveState=active$/m);
    assert.equal(told.match(/451 4\.7\.1 Greylisted, please try again/g)?.length, 2, told);
  });

  test('setup takes its socket, which Postfix may use', async () => {
    const told = await debian.run(
      `${serve}\ngreymilter setup postfix --config /etc/greymilter/greymilter.yaml --write; stop\n` +
        'postconf -h smtpd_milters',
    );
    assert.match(told, /^\{ unix:greymilter\/milter\.sock, default_action=accept \}$/m);
    assert.doesNotMatch(told, /warning:.*greymilter/);
  });
}

function testLeaving(debian: DebianRoot): void {
  test('an upgrade keeps what was changed, what was stored, and who was disabled', async () => {
    await debian.run(
      'echo "# Mine." >>/etc/greymilter/greymilter.yaml; systemctl disable greymilter',
    );
    await debian.run(upgrade);
    const kept = await debian.run(
      'cd /etc; cat logrotate.d/greymilter greymilter/greymilter.yaml | grep -E "^# (Mine|New)"; ' +
        'systemctl is-enabled greymilter || true; ' +
        'greymilter list --config /etc/greymilter/greymilter.yaml --kind triplet --json',
    );
    // What nobody has changed is new.
    assert.match(kept, /^# New here\.\n# Mine\.\ndisabled\n/);
    assert.match(kept, /postfix@example\.org/);
  });

  test('removed, it leaves configuration and store; purged, nothing but its user', async () => {
    const told = await debian.boot(
      [
        'cp /usr/share/doc/greymilter/examples/greymilter.socket /etc/systemd/system/',
        'systemctl daemon-reload; systemctl start greymilter.socket greymilter',
        'systemctl is-active greymilter.socket',
        // Which refuses to start and stop anything, as it does where packages are only unpacked.
        'mv /usr/sbin/policy-rc.d /tmp/',
        'dpkg -r greymilter',
        'mv /tmp/policy-rc.d /usr/sbin/',
        // Nobody is to be started for the next mail.
        'systemctl is-active greymilter.socket greymilter || true',
        'rm /etc/systemd/system/greymilter.socket',
      ].join('\n'),
    );
    assert.match(told, /^active$[^]*^inactive\ninactive$/m);
    assert.deepEqual(
      [
        await debian.has('/usr/lib/greymilter'),
        await debian.has('/var/spool/postfix/greymilter'),
        await debian.has('/etc/greymilter/greymilter.yaml'),
        await debian.has('/var/lib/greymilter/db'),
      ],
      [false, false, true, true],
    );
    await debian.run('dpkg -P greymilter');
    const left = await debian.run(
      'find / -xdev -path /proc -prune -o -path /tmp -prune -o -name "*greymilter*" -print; id -nu greymilter',
    );
    assert.deepEqual(
      left
        .trim()
        .split('\n')
        .filter((line) => !line.includes('/etc/postfix/')),
      ['greymilter'],
    );
  });
}
