import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { renderGeneral } from '../../../src/greylist/general-placeholder.js';
import { parseEnvelopeAddress } from '../../../src/mail/envelope-address.js';
import { createEvaluation, createFacts, createRule } from '../../support/rule-parts.js';

const pattern = (...groups: readonly string[]) => ({ groups: () => groups });

describe('what texts in rules show', () => {
  test('is the sender as triplets know it, and the properties as they are by then', () => {
    const sender = parseEnvelopeAddress('<Joe@Client.example>');
    const { texts, properties } = createEvaluation(createFacts({ attempt: { sender } }));
    properties.set('recipient', 'quota', '7');
    const show = (name: string, argument = '') => renderGeneral({ name, argument }, texts);
    assert.equal(show('triplet-sender'), 'joe@client.example');
    assert.equal(show('property', 'Quota'), '7');
  });

  test('is what the patterns of this rule have caught, and nothing of the one before', () => {
    const { texts } = createEvaluation();
    assert.equal(texts.keepGroups(), undefined);
    texts.see(pattern('a', 'b'), 'first');
    const kept = texts.keepGroups();
    texts.see(pattern('c'), 'second');
    assert.deepEqual(texts.groups(), ['c', 'a', 'b']);
    texts.begin(createRule());
    assert.deepEqual([texts.groups(), kept?.()], [[], ['a', 'b']]);
  });
});
