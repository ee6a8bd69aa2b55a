import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  readConversations,
  type Conversation,
} from '../../../../fixtures/traces/read-conversations.js';
import { play, sentIn } from './recorded-player.js';

const conversations = readConversations();

/** What the profiles do not do, and why. */
const notModelled: Readonly<Record<string, string>> = {
  'postfix 20-8bit-body A1': 'text is UTF-8 here: a header in latin-1 is not written as it came',
  'sendmail 20-8bit-body A1': 'the same',
  'postfix 126-rcpt-quarantine-not-eom A1':
    'quarantine before the end of a message, which nobody is to send, ends envelope events alone',
  'postfix 241-two-filters-second-rejects-rcpt A1':
    'the other filter refused the first recipient, so that there is no queue id at the second',
  'postfix 266-xclient-helo-in-xclient A1': 'XCLIENT takes the HELO away from this session',
  'postfix 266-xclient-helo-in-xclient A2': 'and gives it to the next without an event',
};

/** The faults of the recording filter by scenario; the same for both MTAs. */
const strictCodes: Readonly<Record<string, string>> = {
  ...codes('MILTER_AGREEMENT_UNUSABLE', 65, 66, 67, 78, 93, 232),
  ...codes('MILTER_AGREEMENT_EXCEEDS_OFFER', 68, 69, 70, 71, 233),
  ...codes('MILTER_MACRO_LISTS_INVALID', 83, 84),
  ...codes('MILTER_ANSWER_UNEXPECTED', 77),
  ...codes('MILTER_VERDICT_MISPLACED', 86, 87, 88, 120, 121, 136, 144),
  ...codes('MILTER_CUSTOM_REPLY_INVALID', 104, 106, 108, 109, 111, 112, 113, 115),
  ...codes('MILTER_PROGRESS_MISPLACED', 122, 123),
  ...codes('MILTER_ANSWER_UNKNOWN', 124),
  ...codes('MILTER_VERDICT_WITH_PAYLOAD', 125),
  ...codes('MILTER_CHANGE_MISPLACED', 126, 127),
  ...codes('MILTER_CHANGE_NOT_NEGOTIATED', 192, 193),
  ...codes('MILTER_BODY_NOT_CONTIGUOUS', 195),
  ...codes('MILTER_CHANGE_INVALID', 197),
  ...codes('MILTER_FILTER_GONE', 210, 211, 212, 213, 223, 224, 228, 229, 230),
  ...codes('MILTER_ANSWER_LATE', 214, 215, 216, 231),
  ...codes('MILTER_PACKET_EMPTY', 217),
  ...codes('MILTER_PACKET_TOO_LONG', 218),
};

function codes(code: string, ...scenarios: readonly number[]): Record<string, string> {
  return Object.fromEntries(scenarios.map((number) => [String(number), code]));
}

function titleOf({ mta, name }: Conversation): string {
  return `${mta} ${name}`;
}

function strictCodeOf(conversation: Conversation): string | undefined {
  // Sendmail gives the filter up for a header that is too long for it.
  if (titleOf(conversation) === 'sendmail 32-long-header-90k A1') return 'MILTER_PACKET_TOO_LONG';
  return strictCodes[conversation.name.split('-', 1).join('')];
}

function shown(packets: readonly Buffer[]): string[] {
  return packets.map((bytes) => `${bytes.toString('latin1', 4, 200)} (${bytes.length})`);
}

async function assertSame(conversation: Conversation, lenient: boolean): Promise<void> {
  const isListed = titleOf(conversation) in notModelled;
  const { sent } = await play(conversation, { lenient, ...(isListed ? { answerMs: 200 } : {}) });
  const recorded = sentIn(conversation);
  assert.deepEqual(shown(sent), shown(recorded));
  assert.ok(Buffer.concat(sent).equals(Buffer.concat(recorded)));
}

describe('the profiles, driven by what happened in each recorded conversation', () => {
  for (const conversation of conversations) {
    const title = titleOf(conversation);
    const reason = notModelled[title];
    if (reason === undefined) {
      test(`send what ${title} sent`, () => assertSame(conversation, true));
    } else {
      test(`differ from ${title}, still: ${reason}`, async () => {
        await assert.rejects(assertSame(conversation, true), assert.AssertionError);
      });
    }
  }

  test('all but one in ten of them, at least', () => {
    const titles = new Set(conversations.map(titleOf));
    const listed = Object.keys(notModelled);
    assert.deepEqual(
      listed.filter((title) => !titles.has(title)),
      [],
    );
    assert.ok(listed.length * 10 <= conversations.length);
  });
});

describe('a filter that is checked strictly', () => {
  test('fails for what the recording filter did wrong, and for nothing else', async () => {
    for (const conversation of conversations) {
      const { code, sent } = await play(conversation, { lenient: false });
      assert.equal(code, strictCodeOf(conversation), titleOf(conversation));
      const isWhole = code === undefined && !(titleOf(conversation) in notModelled);
      if (isWhole) assert.deepEqual(shown(sent), shown(sentIn(conversation)));
    }
  });
});
