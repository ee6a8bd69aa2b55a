import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { element, label, picture } from '../../../scripts/drawing/svg.js';

describe('SVG', () => {
  test('has an element without content close itself', () => {
    assert.equal(element('line', { x1: 0, x2: '7.5' }), '<line x1="0" x2="7.5"/>');
  });

  test('takes no word for markup, in an attribute or between tags', () => {
    assert.equal(element('g', { id: '"a" <b>' }), '<g id="&quot;a&quot; &lt;b&gt;"/>');
    assert.equal(
      label('1 < 2 & "so on"', { x: 1, y: 2 }),
      '<text x="1" y="2">1 &lt; 2 &amp; "so on"</text>',
    );
  });

  test('is a file that says how large it is', () => {
    assert.equal(
      picture({ width: 30, height: 20 }, { role: 'img' }, ['<g/>', '<g/>']),
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 20" role="img">\n<g/>\n<g/>\n</svg>\n',
    );
  });
});
