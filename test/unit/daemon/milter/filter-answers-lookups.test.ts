import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { FilterAnswers } from '../../../../src/daemon/milter/filter-answers.js';
import { MilterSession } from '../../../../src/daemon/milter/milter-session.js';
import type { Condition, Truth } from '../../../../src/rules/condition.js';
import { createLookups, createRule } from '../../../support/rule-parts.js';
import { createContext } from '../fake-context.js';
import { beginMail, createRuledRig, openClientSession } from '../filter-rig.js';

/** Counts whose time is used: one number for each set of lookups that was handed out. */
function createCountingRig(t: TestContext, ...overrides: readonly string[]) {
  const asked: number[] = [];
  let handedOut = 0;
  const condition: Condition = {
    name: 'spf',
    isLookup: true,
    test: async ({ lookups, facts: { attempt } }): Promise<Truth> => {
      const { clientAddress: client, sender, helo } = attempt;
      if (client !== undefined) await lookups.spf({ client, sender, helo });
      return 'no';
    },
  };
  const rig = createRuledRig(t, { rules: [createRule({ when: [condition] })] }, ...overrides);
  const lookups = {
    forRecipient: () => {
      const number = ++handedOut;
      return createLookups({
        spf: () => {
          asked.push(number);
          return { known: false, problem: 'nobody knows' };
        },
      });
    },
  };
  const answers = new FilterAnswers(rig.policy, { ...rig.dependencies, lookups });
  const rcpt = async (session: MilterSession, to: string) =>
    await answers.rcpt(session, { address: `<${to}>`, args: [] }, createContext());
  return { answers, asked, rcpt };
}

/** Another client with the same sender. */
function openOtherSession(): MilterSession {
  const session = new MilterSession('s2');
  session.connect({ hostName: 'x', family: 'inet', port: 1, address: '198.51.100.1' });
  return session;
}

describe('what is asked for a recipient', () => {
  test('by its rules and to recognise its client shares one time', async (t) => {
    const { asked, rcpt } = createCountingRig(t);
    for (const session of [openClientSession(), openOtherSession()]) {
      beginMail(session);
      await rcpt(session, 'bob@example.org');
    }
    // The rule of the first; the rule and the greylist of the second.
    assert.deepEqual(asked, [1, 2, 2]);
  });

  test('and for all others that are judged with it at DATA, shares another', async (t) => {
    const { answers, asked, rcpt } = createCountingRig(t, 'greylist.stage=data');
    for (const session of [openClientSession(), openOtherSession()]) {
      beginMail(session);
      for (const to of ['bob@example.org', 'ann@example.org']) await rcpt(session, to);
      await answers.data(session, createContext());
    }
    // Two rules each; then, of the second client, both recipients with the lookups of DATA.
    assert.deepEqual(asked, [1, 2, 4, 5, 6, 6]);
  });
});
