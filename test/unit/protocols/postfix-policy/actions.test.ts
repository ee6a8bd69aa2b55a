import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { actions } from '../../../../src/protocols/postfix-policy/actions.js';

const invalid = { name: 'PolicyProtocolError', code: 'POLICY_ACTION_INVALID' };

describe('actions', () => {
  const rows: readonly (readonly [string, string])[] = [
    [actions.dunno, 'DUNNO'],
    [actions.deferIfPermit('4.2.0 Greylisted'), 'DEFER_IF_PERMIT 4.2.0 Greylisted'],
    [actions.deferIfPermit(), 'DEFER_IF_PERMIT'],
    [actions.defer('later'), 'DEFER later'],
    [actions.defer(), 'DEFER'],
    [actions.reject('no'), 'REJECT no'],
    [actions.reject(), 'REJECT'],
    [actions.discard('spam'), 'DISCARD spam'],
    [actions.discard(), 'DISCARD'],
    [actions.hold('look'), 'HOLD look'],
    [actions.hold(), 'HOLD'],
    [actions.warn('seen'), 'WARN seen'],
    [actions.warn(), 'WARN'],
    [actions.code(450, '4.2.0 Wait'), '450 4.2.0 Wait'],
    [actions.code(599), '599'],
    [actions.prepend('X-Greylist', 'delayed 61 seconds'), 'PREPEND X-Greylist: delayed 61 seconds'],
    [actions.other('DEFER_IF_PERMIT', 'x'), 'DEFER_IF_PERMIT x'],
    [actions.other('dunno'), 'dunno'],
    [actions.other('451', 'x'), '451 x'],
  ];
  for (const [action, line] of rows) test(line, () => assert.equal(action, line));

  test('a text is made one line of printable ASCII', () => {
    assert.equal(actions.reject('a\r\nb\0c\td\x7fe'), 'REJECT a b c d e');
    assert.equal(actions.reject('für \u{1f600} dich'), 'REJECT f?r ? dich');
    assert.equal(actions.reject(' \n around \n '), 'REJECT around');
    assert.equal(actions.reject('\n\n\n'), 'REJECT');
    assert.equal(actions.prepend('X-A', 'b\nX-C: d'), 'PREPEND X-A: b X-C: d');
  });

  test('a text is cut where an SMTP reply would become too long', () => {
    assert.equal(actions.defer('x'.repeat(400)), `DEFER ${'x'.repeat(400)}`);
    assert.equal(actions.defer('x'.repeat(401)), `DEFER ${'x'.repeat(400)}`);
  });

  test('a header is cut where a line of a message would become too long', () => {
    const action = actions.prepend('X-A', 'y'.repeat(2000));
    assert.equal(action.length, 'PREPEND '.length + 998);
  });

  for (const name of ['', 'X A', 'X:', 'X-\n', 'Ü'])
    test(`${JSON.stringify(name)} is no name of a header`, () => {
      assert.throws(() => actions.prepend(name, 'x'), invalid);
    });

  for (const code of [200, 399, 600, 450.5, Number.NaN])
    test(`${code} is no code of a refusal`, () => {
      assert.throws(() => actions.code(code), invalid);
    });

  for (const word of ['', '250', '45', '4500', 'A B', 'X\n', 'X9'])
    test(`${JSON.stringify(word)} is no action`, () => {
      assert.throws(() => actions.other(word), invalid);
    });
});
