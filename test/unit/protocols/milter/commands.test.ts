import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  commandOfByte,
  commandTable,
  eventNames,
  macroStageNumbers,
} from '../../../../src/protocols/milter/commands.js';
import type { CommandName } from '../../../../src/protocols/milter/events.js';

/** Command letter, libmilter's name, macro stage, NO* flag, NR_* flag, whether it is answered. */
const rows: readonly (readonly [CommandName, string, string, string, number, number, boolean])[] = [
  ['negotiate', 'O', 'SMFIC_OPTNEG', '-', 0, 0, true],
  ['macro', 'D', 'SMFIC_MACRO', '-', 0, 0, false],
  ['connect', 'C', 'SMFIC_CONNECT', 'connect', 0x1, 0x1000, true],
  ['helo', 'H', 'SMFIC_HELO', 'helo', 0x2, 0x2000, true],
  ['mail', 'M', 'SMFIC_MAIL', 'mail', 0x4, 0x4000, true],
  ['rcpt', 'R', 'SMFIC_RCPT', 'rcpt', 0x8, 0x8000, true],
  ['data', 'T', 'SMFIC_DATA', 'data', 0x200, 0x10000, true],
  ['header', 'L', 'SMFIC_HEADER', 'eoh', 0x20, 0x80, true],
  ['eoh', 'N', 'SMFIC_EOH', 'eoh', 0x40, 0x40000, true],
  ['body', 'B', 'SMFIC_BODY', 'eom', 0x10, 0x80000, true],
  ['eom', 'E', 'SMFIC_BODYEOB', 'eom', 0, 0, true],
  ['abort', 'A', 'SMFIC_ABORT', '-', 0, 0, false],
  ['unknown', 'U', 'SMFIC_UNKNOWN', '-', 0x100, 0x20000, true],
  ['quit', 'Q', 'SMFIC_QUIT', '-', 0, 0, false],
  ['quitNc', 'K', 'SMFIC_QUIT_NC', '-', 0, 0, false],
];

describe('the command table', () => {
  for (const [name, letter, symbol, stage, suppress, noReply, answered] of rows) {
    test(`${symbol} is ${letter}`, () => {
      const spec = commandTable[name];
      assert.equal(spec.byte, letter.charCodeAt(0));
      assert.equal(spec.symbol, symbol);
      assert.equal(spec.macroStage ?? '-', stage);
      assert.equal(spec.suppress, suppress);
      assert.equal(spec.noReply, noReply);
      assert.equal(spec.answered, answered);
    });
  }

  test('has no other rows', () => {
    assert.deepEqual(Object.keys(commandTable).sort(), rows.map(([name]) => name).sort());
  });

  test('DATA exists since version 4, unknown commands since 3', () => {
    const late = rows.map(([name]) => [name, commandTable[name].since] as const);
    assert.deepEqual(
      late.filter(([, since]) => since > 2),
      [
        ['data', 4],
        ['unknown', 3],
      ],
    );
  });

  test('every byte stands for its row or for nothing', () => {
    const letters = new Map(rows.map(([name, letter]) => [letter.charCodeAt(0), name]));
    for (let byte = 0; byte < 256; byte++) {
      assert.equal(commandOfByte(byte), letters.get(byte), `byte ${byte}`);
    }
  });

  test('the events are what is answered, but for the negotiation', () => {
    const answered = rows.filter(
      ([name, , , , , , isAnswered]) => isAnswered && name !== 'negotiate',
    );
    assert.deepEqual([...eventNames].sort(), answered.map(([name]) => name).sort());
  });

  test('the end of the message is 5 and the end of the header 6 in macro lists', () => {
    assert.deepEqual(macroStageNumbers, {
      connect: 0,
      helo: 1,
      mail: 2,
      rcpt: 3,
      data: 4,
      eom: 5,
      eoh: 6,
    });
  });
});
