import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  correspondenceKey,
  parseCorrespondenceKey,
} from '../../../src/greylist/correspondence-key.js';
import {
  decodeReply,
  encodeReply,
  parseReplyKey,
  replyKey,
} from '../../../src/greylist/reply-record.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';

describe('the key of an expected reply', () => {
  test('is of its parties, the recipient first', () => {
    assert.equal(replyKey({ sender: 'a@b', recipient: 'c@d' }), 'rc@d\0a@b');
  });

  test('keeps apart what the separator could mix up, and is read back', () => {
    const parties = [
      { sender: 'c', recipient: 'a\0b' },
      { sender: 'b\0c', recipient: 'a' },
      { sender: '\ud800@x', recipient: '\x01' },
    ];
    const keys = parties.map(replyKey);
    assert.equal(new Set(keys).size, keys.length);
    assert.deepEqual(keys.map(parseReplyKey), parties);
  });

  test('is never that of a correspondence, nor taken for one', () => {
    const client = parseIpAddress('192.0.2.1');
    assert.ok(client);
    const network = { ipv4: 24, ipv6: 64 };
    const parties = { sender: 'a@b', recipient: 'c@d' };
    assert.equal(parseCorrespondenceKey(replyKey(parties)), undefined);
    for (const sender of ['a@b', '']) {
      const key = correspondenceKey({ ...parties, sender, client, network });
      assert.equal(parseReplyKey(key), undefined);
    }
  });

  test('is not read from anything else', () => {
    for (const key of ['', 'r', 'rc@d', 'r\0a@b', 'rc@d\0', 'rc@d\0a@b\0x'])
      assert.equal(parseReplyKey(key), undefined, JSON.stringify(key));
  });
});

describe('the record of an expected reply', () => {
  const bytes = Uint8Array.of(0x01, 0x88, 0xd8, 0xd3, 0x9d, 0xfd, 0x31);

  test('is a version and an instant', () => {
    const record = { writtenAt: 1_717_243_800_584 };
    assert.deepEqual(Buffer.from(encodeReply(record)), Buffer.from(bytes));
    assert.deepEqual(decodeReply(bytes), record);
  });

  test('of a newer version is refused as that', () => {
    assert.throws(() => decodeReply(Uint8Array.of(0x02, 0x00)), {
      code: 'CORRESPONDENCE_NEWER_FORMAT',
    });
  });

  test('that is cut, or has too much, is damaged', () => {
    for (const damaged of [bytes.subarray(0, 0), bytes.subarray(0, 3), Uint8Array.of(1, 0, 0)])
      assert.throws(() => decodeReply(damaged), { code: 'CORRESPONDENCE_DAMAGED' });
  });
});
