import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { actionFlags, stepFlags } from '../../../../src/protocols/milter/flags.js';

describe('the flags', () => {
  test('actions are the bits of version 6, each once', () => {
    assert.deepEqual(actionFlags, {
      addHeaders: 0x1,
      changeBody: 0x2,
      addRecipients: 0x4,
      deleteRecipients: 0x8,
      changeHeaders: 0x10,
      quarantine: 0x20,
      changeSender: 0x40,
      addRecipientsWithArguments: 0x80,
      requestMacros: 0x100,
    });
    assert.equal(sum(actionFlags), 0x1ff);
  });

  test('steps are the bits of version 6, each once', () => {
    assert.deepEqual(stepFlags, {
      noConnect: 0x1,
      noHelo: 0x2,
      noMail: 0x4,
      noRcpt: 0x8,
      noBody: 0x10,
      noHeaders: 0x20,
      noEoh: 0x40,
      noReplyHeader: 0x80,
      noUnknown: 0x100,
      noData: 0x200,
      skip: 0x400,
      rejectedRecipients: 0x800,
      noReplyConnect: 0x1000,
      noReplyHelo: 0x2000,
      noReplyMail: 0x4000,
      noReplyRcpt: 0x8000,
      noReplyData: 0x10000,
      noReplyUnknown: 0x20000,
      noReplyEoh: 0x40000,
      noReplyBody: 0x80000,
      leadingSpace: 0x100000,
    });
    assert.equal(sum(stepFlags), 0x1fffff);
  });
});

function sum(flags: Readonly<Record<string, number>>): number {
  return Object.values(flags).reduce((all, flag) => all + flag, 0);
}
