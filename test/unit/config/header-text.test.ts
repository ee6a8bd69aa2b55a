import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseHeaderText } from '../../../src/config/header-text.js';

describe('the text of a header', () => {
  for (const [text, name, value] of [
    ['X-Greylist: {status} at {host}', 'X-Greylist', '{status} at {host}'],
    ['X-G:a: b', 'X-G', 'a: b'],
  ] as const)
    test(`${text} has a name and a value`, () => {
      const parsed = parseHeaderText(text);
      assert.ok('ok' in parsed);
      assert.equal(parsed.ok.text, text);
      assert.equal(parsed.ok.name, name);
      assert.equal(parsed.ok.value.text, value);
    });

  for (const [text, problem] of [
    ['no colon', 'has no colon'],
    ['X Y: a', 'is not the name of a header field'],
    [': a', 'is not the name of a header field'],
    ['X-G:  ', 'is empty'],
    ['X-G: a\nB: c', 'has more than one line'],
    ['X-G: {wait}', 'has an unknown placeholder {wait}'],
  ] as const)
    test(`${JSON.stringify(text)} is refused`, () => {
      const parsed = parseHeaderText(text);
      assert.ok('problem' in parsed);
      assert.equal(parsed.problem, problem);
    });
});
