import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseIpAddress } from '../../../../src/mail/ip-address.js';
import { clientCondition } from '../../../../src/rules/conditions/client.js';
import { ask, compileWritten, issuesOfWritten } from '../../../support/condition-rig.js';
import { createEvaluation, createFacts } from '../../../support/rule-parts.js';

const lists = {
  'our-mx': { clients: ['198.51.100.0/24', '.mx.example'] },
  more: { clients: ['203.0.113.0/24'] },
};

/** By default 203.0.113.7, mail.client.example. */
function of(clientAddress?: string, clientName?: string) {
  return createEvaluation(
    createFacts({ attempt: { clientAddress: parseIpAddress(clientAddress ?? ''), clientName } }),
  );
}

describe('the condition client', () => {
  for (const [written, evaluation, truth, note] of [
    [
      '203.0.113.7',
      of('203.0.113.7'),
      'yes',
      'no name [203.0.113.7] matches 203.0.113.7 (rules.yaml 0)',
    ],
    [
      '203.0.113.0/28',
      of('203.0.113.7', 'a.example'),
      'yes',
      'a.example [203.0.113.7] matches 203.0.113.0/28 (rules.yaml 0)',
    ],
    [
      ['192.0.2.1', '.client.example'],
      of('203.0.113.7', 'a.client.example'),
      'yes',
      'a.client.example [203.0.113.7] matches .client.example (rules.yaml 1)',
    ],
    [
      ['192.0.2.1', 'list:our-mx', 'list:more'],
      of('203.0.113.7'),
      'yes',
      'no name [203.0.113.7] matches 203.0.113.0/24 (more:1)',
    ],
    [
      'list:our-mx',
      of('198.51.100.7', 'a.mx.example'),
      'yes',
      'a.mx.example [198.51.100.7] matches 198.51.100.0/24 (our-mx:1)',
    ],
    [
      'list:our-mx',
      of('203.0.113.7', 'mx.example'),
      'no',
      'mx.example [203.0.113.7] matches no entry',
    ],
    ['203.0.113.7', of(), 'no', 'no name [no address] matches no entry'],
    [
      '/^mx/',
      of('203.0.113.7', 'MX1.example'),
      'yes',
      'MX1.example [203.0.113.7] matches /^mx/ (rules.yaml 0)',
    ],
    [[], of('203.0.113.7'), 'no', 'no name [203.0.113.7] matches no entry'],
  ] as const)
    test(`${JSON.stringify(written)}: ${note}`, async () => {
      const condition = compileWritten(clientCondition, written, { lists });
      assert.deepEqual(await ask(condition, evaluation), { truth, notes: [note] });
    });

  test('refuses what is no client, with its place', () => {
    assert.deepEqual(issuesOfWritten(clientCondition, ['192.0.2.1', '192.0.2.1/24', '/(/']), [
      '1: is an address with a prefix',
      '2: is a wrong pattern: missing closing ) at (',
    ]);
    assert.deepEqual(issuesOfWritten(clientCondition, { network: '192.0.2.1' }), [': type']);
  });
});
