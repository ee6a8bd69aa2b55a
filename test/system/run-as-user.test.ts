import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findGroup, findUser } from '../../src/daemon/process/system-account.js';
import { startGreymilter } from '../support/daemon-process.js';
import { createTempDirectory } from '../support/temp-directory.js';

/** What Debian 13's Node.js does, on every other one as well. */
const refusal = `
  process.setuid = () => {
    throw Object.assign(new Error('io_uring may be enabled'), { code: 'ERR_INVALID_STATE' });
  };`;
const refusing = ['--import', `data:text/javascript,${encodeURIComponent(refusal)}`];
const needsRoot = process.getuid?.() === 0 ? false : 'only root can become another user';

test(
  '--user with a Node.js that refuses to change its user: all is that user\u2019s all the same',
  { skip: needsRoot },
  async (t) => {
    const user = findUser('nobody');
    const group = findGroup('daemon');
    const directory = createTempDirectory({ after: (remove) => t.after(remove) });
    chmodSync(directory, 0o755);
    mkdirSync(join(directory, 'log'), { mode: 0o755 });
    const logFile = join(directory, 'log/greymilter.log');
    const socket = join(directory, 'run/milter.sock');
    const settings = [
      `log.to=file:${logFile}`,
      'limits.drain=0s',
      'listen.socket={group: daemon, mode: "0660"}',
    ];
    const greymilter = startGreymilter(
      t,
      [
        ...['--listen', `unix:${socket}`, '--store', join(directory, 'lib/db'), '--user', 'nobody'],
        ...settings.flatMap((setting) => ['--set', setting]),
      ],
      { logFile, nodeOptions: refusing },
    );
    await greymilter.ready();
    assert.equal(statSync(socket).uid, user.uid);
    assert.equal(statSync(socket).gid, group);
    assert.equal(statSync(socket).mode & 0o777, 0o660);
    assert.equal(statSync(join(directory, 'lib/db')).uid, user.uid);
    assert.equal(statSync(logFile).uid, user.uid);
    const pid = /is starting .*pid=(\d+)/.exec(greymilter.log)?.[1] ?? '';
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    assert.match(status, new RegExp(`^Uid:(\\t${user.uid}){4}$`, 'm'));
    assert.match(status, new RegExp(`^Gid:(\\t${user.gid}){4}$`, 'm'));
    assert.match(status, new RegExp(`^Groups:.*\\b${group}\\b`, 'm'));

    greymilter.kill('SIGHUP');
    await greymilter.logged(/ configuration reloaded /);
    greymilter.kill('SIGTERM');
    const { code } = await greymilter.ending;
    assert.equal(code, 0);
    assert.match(greymilter.log, / stopped$/m);
  },
);
