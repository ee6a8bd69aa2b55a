import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  readAgreement,
  type ReadAgreement,
} from '../../../../../src/protocols/milter/mta/agreement.js';
import { PayloadReader } from '../../../../../src/protocols/milter/payload-reader.js';
import { uint32 } from '../../../../support/packet-builder.js';
import { agreeing, macroList } from './filter-stub.js';

const offer = { version: 6, actions: 0x1ff, steps: 0x1fffff };

function read(packet: Buffer, unknownStage: 'skip' | 'stop' = 'skip'): ReadAgreement {
  return readAgreement(new PayloadReader(packet, 5, packet.length), offer, unknownStage);
}

describe("the filter's answer to the offer", () => {
  test('three words', () => {
    assert.deepEqual(read(agreeing(0x371, 0x01, '', 4)), {
      agreement: { version: 4, actions: 1, steps: 0x371, macroLists: {} },
      faults: [],
    });
  });

  test('with macro lists, names separated by blanks or commas', () => {
    const lists = [macroList(3, 'i {rcpt_addr}'), macroList(5, 'i,{msg_id}, j'), macroList(6, '')];
    assert.deepEqual(read(agreeing(0, 0x1ff, Buffer.concat(lists))), {
      agreement: {
        version: 6,
        actions: 0x1ff,
        steps: 0,
        macroLists: { rcpt: ['i', '{rcpt_addr}'], eom: ['i', '{msg_id}', 'j'], eoh: [] },
      },
      faults: [],
    });
  });

  test('a last list without its NUL', () => {
    const lists = Buffer.concat([uint32(0), Buffer.from('j')]);
    assert.deepEqual(read(agreeing(0, 0x100, lists)).agreement.macroLists, { connect: ['j'] });
  });

  test('a list that is cut', () => {
    const { agreement, faults } = read(
      agreeing(0, 0x100, Buffer.concat([macroList(0, 'j'), uint32(1)])),
    );
    assert.deepEqual(agreement.macroLists, { connect: ['j'] });
    assert.deepEqual(faults, ['macro-lists-cut']);
  });

  test('a stage that does not exist: Postfix leaves it out, Sendmail reads no further', () => {
    const lists = Buffer.concat([macroList(0, 'j'), macroList(9, 'x'), macroList(1, 'k')]);
    const answer = agreeing(0, 0x100, lists);
    assert.deepEqual(read(answer, 'skip').agreement.macroLists, { connect: ['j'], helo: ['k'] });
    assert.deepEqual(read(answer, 'stop').agreement.macroLists, { connect: ['j'] });
    assert.deepEqual(read(answer, 'stop').faults, ['macro-lists-stage']);
  });

  test('more than 50 names', () => {
    const { agreement, faults } = read(agreeing(0, 0x100, macroList(0, 'j '.repeat(60))));
    assert.equal(agreement.macroLists.connect?.length, 50);
    assert.deepEqual(faults, ['macro-lists-long']);
  });

  test('all that is wrong is named', () => {
    assert.deepEqual(read(agreeing(0x80000000, 0x80000000, macroList(0, 'j'), 7)).faults, [
      'agreement-version-above',
      'agreement-actions',
      'agreement-steps',
      'macro-lists-unannounced',
    ]);
    assert.deepEqual(read(agreeing().subarray(0, 12)).faults, ['agreement-short']);
    assert.deepEqual(read(agreeing(0, 0, '', 0xffffffff)).faults, ['agreement-version-absurd']);
  });

  test('steps that were not offered do not count', () => {
    assert.equal(read(agreeing(0x10000001)).agreement.steps, 1);
  });
});
