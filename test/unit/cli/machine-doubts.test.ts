import assert from 'node:assert/strict';
import { test } from 'node:test';

import { findMachineDoubts } from '../../../src/cli/arguments/machine-doubts.js';
import { parseConfig } from '../../../src/config/load.js';

/** `code place: path: problem` for each. */
function doubtsOf(text: string): readonly string[] {
  const loaded = parseConfig({ file: 'greymilter.yaml', text });
  return findMachineDoubts(loaded).map(
    ({ code, issue }) => `${code} ${issue.line ?? '-'}: ${issue.path}: ${issue.problem}`,
  );
}

const unknown = (kind: string): string =>
  `there is no ${kind} "nosuchname" on this system: create it, or name another one`;

test('accounts that there are, and a pid file in a directory that there is, are no doubts', () => {
  assert.deepEqual(doubtsOf('user: root\ngroup: root\npid-file: /tmp/greymilter.pid\n'), []);
  assert.deepEqual(doubtsOf('greylist: {delay: 5m}\n'), []);
});

test('each account that there is not is one, where it is written', () => {
  const text =
    'user: nosuchname\ngroup: nosuchname\nlisten:\n' +
    '  socket: {owner: nosuchname, group: root}\n  admin-socket: {group: nosuchname}\n';
  assert.deepEqual(doubtsOf(text), [
    `ACCOUNT_UNKNOWN 1: user: ${unknown('user')}`,
    `ACCOUNT_UNKNOWN 2: group: ${unknown('group')}`,
    `ACCOUNT_UNKNOWN 4: listen.socket.owner: ${unknown('user')}`,
    `ACCOUNT_UNKNOWN 5: listen.admin-socket.group: ${unknown('group')}`,
  ]);
});

test('so is the directory of a log that there is not: no start makes it', () => {
  const problem = 'there is no directory /nowhere/at/all: make it, or name another one';
  assert.deepEqual(
    doubtsOf(
      'log: {to: "file:/nowhere/at/all/log"}\n' +
        "activity: {to: 'append:/nowhere/at/all/activity', format: x}\n" +
        'listen: {milter: ["unix:/nowhere/at/all/milter.sock"]}\n',
    ),
    [`LOG_CANNOT_OPEN 1: log.to: ${problem}`, `LOG_CANNOT_OPEN 2: activity.to: ${problem}`],
  );
  const there = "log: {to: 'file:/tmp/log'}\nactivity: {to: 'pipe:cat', format: x}\n";
  assert.deepEqual(doubtsOf(there), []);
});

test('so is a directory of the pid file that no start makes', () => {
  assert.deepEqual(doubtsOf('pid-file: /nowhere/at/all/pid\n'), [
    'PID_FILE_FAILED 1: pid-file: there is no directory /nowhere/at/all: make it, or name another one',
  ]);
  // A start makes the directories of its sockets, and those around them.
  const made = "listen: {milter: ['unix:/nowhere/at/all/milter.sock']}\n";
  assert.deepEqual(doubtsOf(`${made}pid-file: /nowhere/at/all/pid\n`), []);
  assert.deepEqual(doubtsOf(`${made}pid-file: /nowhere/at/pid\n`), []);
  assert.equal(doubtsOf(`${made}pid-file: /nowhere/else/pid\n`).length, 1);
});
