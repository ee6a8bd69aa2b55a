import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  createIdentity,
  decodeIdentity,
  encodeIdentity,
} from '../../../../src/store/level/store-identity.js';
import { StoreError } from '../../../../src/store/store.js';

const PATH = '/var/lib/greymilter/db';

describe('the identity of a store', () => {
  test('is drawn anew for each store, and comes back as it was written', () => {
    const identity = createIdentity();
    assert.deepEqual(decodeIdentity(encodeIdentity(identity), PATH), identity);
    assert.notDeepEqual(createIdentity().hashSecret, identity.hashSecret);
  });

  const cases = [
    ['', 'STORE_NOT_OURS'],
    ['null', 'STORE_NOT_OURS'],
    ['{"format":1}', 'STORE_NOT_OURS'],
    ['{"magic":"theirs","format":99}', 'STORE_NOT_OURS'],
    ['{"magic":"greymilter"}', 'STORE_DAMAGED'],
    ['{"magic":"greymilter","format":"1"}', 'STORE_DAMAGED'],
    ['{"magic":"greymilter","format":0}', 'STORE_DAMAGED'],
    ['{"magic":"greymilter","format":2}', 'STORE_NEWER_FORMAT'],
    ['{"magic":"greymilter","format":1,"generation":1}', 'STORE_DAMAGED'],
    ['{"magic":"greymilter","format":1,"generation":1,"hashSecret":[1]}', 'STORE_DAMAGED'],
    ['{"magic":"greymilter","format":1,"generation":-1,"hashSecret":[1,2]}', 'STORE_DAMAGED'],
    [
      '{"magic":"greymilter","format":1,"generation":1,"hashSecret":[1,4294967296]}',
      'STORE_DAMAGED',
    ],
  ] as const;
  for (const [text, code] of cases) {
    test(`${text === '' ? 'nothing' : text} is refused: ${code}`, () => {
      assert.throws(
        () => decodeIdentity(Buffer.from(text), PATH),
        (error) =>
          error instanceof StoreError && error.code === code && error.message.includes(PATH),
      );
    });
  }
});
