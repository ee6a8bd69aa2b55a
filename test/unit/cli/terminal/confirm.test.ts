import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import { UsageError } from '../../../../src/cli/arguments/usage-error.js';
import { isConfirmed } from '../../../../src/cli/terminal/confirm.js';

/** What comes of a question at a terminal where somebody types this; without it the terminal is closed. */
async function ask(typed?: string) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 40 });
  if (typed === undefined) input.end();
  else input.write(typed);
  const isAgreed = await isConfirmed('Forget 7 records', { input, output });
  return { isAgreed, shown: String(output.read()) };
}

describe('a question at the terminal', () => {
  for (const typed of ['y\r', 'YES\r', ' yes \r']) {
    test(`${JSON.stringify(typed)} agrees`, async () => {
      const { isAgreed, shown } = await ask(typed);
      assert.ok(isAgreed);
      assert.match(shown, /Forget 7 records\? \[y\/N\] /);
    });
  }

  for (const typed of ['\r', 'n\r', 'yy\r', 'yesterday\r']) {
    test(`${JSON.stringify(typed)} does not`, async () => {
      assert.equal((await ask(typed)).isAgreed, false);
    });
  }

  for (const [how, typed] of [
    ['Ctrl-C', '\u0003'],
    ['Ctrl-C within the answer', 'y\u0003'],
    ['Ctrl-D', '\u0004'],
    ['a terminal that is closed', undefined],
  ] as const) {
    test(`${how} is no, and the line is ended`, async () => {
      const { isAgreed, shown } = await ask(typed);
      assert.equal(isAgreed, false);
      assert.match(shown, /\n$/);
    });
  }

  test('nobody is asked where nobody sits', async () => {
    const nowhere = { input: new PassThrough(), output: new PassThrough() };
    await assert.rejects(isConfirmed('Forget 7 records', nowhere), UsageError);
  });
});
