import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { commandOfByte, commandTable } from '../../../../../src/protocols/milter/commands.js';
import type { CommandName } from '../../../../../src/protocols/milter/events.js';
import { readAgreement } from '../../../../../src/protocols/milter/mta/agreement.js';
import {
  decodeAnswer,
  type FilterAnswer,
} from '../../../../../src/protocols/milter/mta/answers.js';
import { PacketOutput } from '../../../../../src/protocols/milter/packet-output.js';
import { PayloadReader } from '../../../../../src/protocols/milter/payload-reader.js';
import {
  readConversations,
  type Conversation,
  type RecordedPacket,
} from '../../../../fixtures/traces/read-conversations.js';
import { packet } from '../../../../support/packet-builder.js';

const conversations = readConversations();

/** Packets that decoding cannot keep byte for byte, and why. */
const lossy: readonly { readonly title: RegExp; readonly command: string; readonly why: string }[] =
  [
    {
      title: /20-8bit-body/,
      command: 'L',
      why: 'a header in latin-1 becomes text, and text is written as UTF-8',
    },
  ];

/** What the recording filter said wrong on purpose, by scenario and letter. */
const wrong: Readonly<Record<string, string>> = {
  '104 y': 'reply-separator',
  '106 y': 'reply-line-end',
  '108 y': 'reply-percent',
  '109 y': 'reply-code',
  '111 y': 'reply-class',
  '112 y': 'reply-nul-missing',
  '113 y': 'reply-nul-inside',
  '115 y': 'reply-character',
  '120 4': 'verdict-forbidden',
  '121 f': 'verdict-forbidden',
  '124 Z': 'answer-unknown',
  '125 c': 'verdict-payload',
  '197 i': 'change-malformed',
};

function readerOf({ payload }: RecordedPacket): PayloadReader {
  return new PayloadReader(payload, 0, payload.length);
}

function encodeAgain(name: CommandName, recorded: RecordedPacket, { mta }: Conversation): Buffer {
  const out = new PacketOutput();
  const row = commandTable[name] as (typeof commandTable)['macro']; // any row is its own inverse
  out.begin(row.byte);
  row.encode(row.decode(readerOf(recorded)), out, mta);
  out.end();
  return Buffer.concat(out.take());
}

function faultsIn(answer: FilterAnswer): readonly string[] {
  if (answer.group === 'fault') return [answer.fault];
  return answer.group === 'change' ? [] : answer.faults;
}

describe('every recorded packet of an MTA', () => {
  test('decodes, and encodes to the same bytes', () => {
    const used = new Set<string>();
    for (const conversation of conversations) {
      for (const recorded of conversation.packets) {
        if (recorded.from !== 'mta') continue;
        const name = commandOfByte(recorded.command.charCodeAt(0));
        assert.ok(name !== undefined);
        const again = encodeAgain(name, recorded, conversation);
        if (again.equals(packet(recorded.command, recorded.payload))) continue;
        const title = `${conversation.mta} ${conversation.name}`;
        const known = lossy.find(
          (row) => row.title.test(title) && row.command === recorded.command,
        );
        assert.ok(known, `${title}: ${recorded.command} ${recorded.payload.toString('latin1')}`);
        used.add(known.why);
      }
    }
    assert.deepEqual(
      [...used],
      lossy.map(({ why }) => why),
      'the list has nothing that is not so',
    );
  });
});

describe('every recorded packet of the filter', () => {
  test('decodes, but for those that were wrong on purpose', () => {
    const found: Record<string, string> = {};
    for (const { name, packets } of conversations) {
      for (const recorded of packets) {
        if (recorded.from !== 'filter' || recorded.command === 'O') continue;
        const answer = decodeAnswer(recorded.command.charCodeAt(0), readerOf(recorded));
        const faults = faultsIn(answer);
        if (faults.length > 0)
          found[`${name.split('-', 1).join('')} ${recorded.command}`] = faults.join();
      }
    }
    assert.deepEqual(found, wrong);
  });

  test('agrees with the offer, but for those that were wrong on purpose', () => {
    const found = new Map<string, string>();
    for (const { name, packets } of conversations) {
      const [offer, answer] = packets;
      if (offer === undefined || answer?.command !== 'O') continue;
      const read = readAgreement(
        readerOf(answer),
        commandTable.negotiate.decode(readerOf(offer)),
        'stop',
      );
      if (read.faults.length > 0) found.set(name.split('-', 1).join(''), read.faults.join());
    }
    assert.deepEqual(Object.fromEntries(found), {
      65: 'agreement-version-above',
      66: 'agreement-version-one',
      67: 'agreement-version-zero',
      68: 'agreement-actions',
      69: 'agreement-steps',
      70: 'agreement-steps',
      71: 'agreement-steps',
      78: 'agreement-short',
      83: 'macro-lists-stage',
      84: 'macro-lists-unannounced',
      93: 'agreement-version-above',
      232: 'agreement-version-absurd',
      233: 'agreement-steps',
    });
  });
});
