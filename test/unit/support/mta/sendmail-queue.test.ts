import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { emptySendmailQueue, readSendmailQueue } from '../../../support/mta/sendmail-queue.js';
import { createTempDirectory } from '../../../support/temp-directory.js';

const controlFile = [
  'V8',
  'T1893456000',
  'Fbs',
  '$_two.example [127.0.0.2]',
  'S<sender@a.example>',
  'rRFC822; user1@local.test',
  'RPFD:<user1@local.test>',
  'RPFD:user2@local.test',
  'H?P?Return-Path: <\u0081g>',
  'H??Received: from a.example',
  '\tby mx.local.test;',
  'H?D?Date: Tue, 01 Jan 2030 00:00:00 +0000',
  'H??Subject: R: is no recipient',
  '.',
  '',
].join('\n');

describe('the queue of Sendmail', () => {
  test('gives envelope, headers and body of each mail', async (t) => {
    const queue = createTempDirectory(t);
    writeFileSync(join(queue, 'qf1'), controlFile);
    writeFileSync(join(queue, 'df1'), 'Hello.\n');
    assert.deepEqual(await readSendmailQueue(queue), [
      {
        id: '1',
        sender: 'sender@a.example',
        recipients: ['user1@local.test', 'user2@local.test'],
        headers:
          'Received: from a.example\n\tby mx.local.test;\n' +
          'Date: Tue, 01 Jan 2030 00:00:00 +0000\nSubject: R: is no recipient\n',
        body: 'Hello.\n',
      },
    ]);
  });

  test('has an empty sender for the null sender', async (t) => {
    const queue = createTempDirectory(t);
    writeFileSync(join(queue, 'qf1'), 'V8\nS<>\nRPFD:<user1@local.test>\n.\n');
    writeFileSync(join(queue, 'df1'), '');
    assert.equal((await readSendmailQueue(queue))[0]?.sender, '');
  });

  test('can be emptied', async (t) => {
    const queue = createTempDirectory(t);
    for (const name of ['qf1', 'df1']) writeFileSync(join(queue, name), '');
    await emptySendmailQueue(queue);
    assert.deepEqual(readdirSync(queue), []);
  });
});
