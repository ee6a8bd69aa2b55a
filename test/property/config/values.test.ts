import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { formatAddressPattern, parseAddressPattern } from '../../../src/config/address-pattern.js';
import { formatClientSet, parseClientSet } from '../../../src/config/client-set.js';
import { formatDuration, parseDuration } from '../../../src/config/duration.js';
import { editDistance } from '../../../src/config/nearest.js';
import type { Parsed } from '../../../src/config/parsed.js';
import { formatSize, parseSize } from '../../../src/config/size.js';
import { formatSocketAddress, parseSocketAddress } from '../../../src/config/socket-address.js';
import { formatStoreUrl, parseStoreUrl } from '../../../src/config/store-url.js';
import * as values from '../../../src/config/values.js';
import { writtenForms } from '../../../src/config/written-forms.js';
import { fc } from '../../support/properties.js';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'0123456789smhdwKMGiB :@[].*/-unixlocaet<>,'.split('')) }),
);

/**
 * Whatever is read is written so that it is read as the same, and allowed by the JSON Schema; whatever
 * is refused says why.
 */
function staysTheSame<T>(
  parse: (text: string) => Parsed<T>,
  format: (value: T) => string,
  form: { readonly pattern: string },
): void {
  const pattern = new RegExp(form.pattern);
  fc.assert(
    fc.property(anyText, (text) => {
      const parsed = parse(text);
      if ('ok' in parsed) {
        assert.deepEqual(parse(format(parsed.ok)), parsed);
        assert.match(text, pattern);
        assert.match(format(parsed.ok), pattern);
      } else assert.notEqual(parsed.problem, '');
    }),
    { numRuns: 500 },
  );
}

describe('any text is read as a value that can be written, or refused with a reason', () => {
  test('duration', () => staysTheSame(parseDuration, formatDuration, writtenForms.duration));
  test('size', () => staysTheSame(parseSize, formatSize, writtenForms.size));
  test('socket address', () =>
    staysTheSame(parseSocketAddress, formatSocketAddress, writtenForms.socketAddress));
  test('clients', () => staysTheSame(parseClientSet, formatClientSet, writtenForms.clientSet));
  test('address pattern', () =>
    staysTheSame(parseAddressPattern, formatAddressPattern, writtenForms.addressPattern));
  test('store', () => staysTheSame(parseStoreUrl, formatStoreUrl, writtenForms.storeUrl));
  test('store on servers', () => {
    const scheme = fc.constantFrom('redis', 'rediss', 'redis+sentinel', 'rediss+cluster');
    const rest = fc.string({ unit: fc.constantFrom(...'a:1,/0[].'.split('')) });
    fc.assert(
      fc.property(scheme, rest, (kind, text) => {
        const parsed = parseStoreUrl(`${kind}://${text}`);
        if (!('ok' in parsed)) return;
        assert.deepEqual(parseStoreUrl(formatStoreUrl(parsed.ok)), parsed);
      }),
      { numRuns: 2000 },
    );
  });
  test('place for the log', () =>
    staysTheSame(values.parseLogTarget, values.formatLogTarget, writtenForms.logTarget));
  test('file mode', () =>
    staysTheSame(values.parseFileMode, values.formatFileMode, writtenForms.fileMode));
  test('account', () =>
    staysTheSame(values.parseAccount, (account) => account, writtenForms.account));
  test('enhanced code', () =>
    staysTheSame(values.parseEnhancedCode, (code) => code, writtenForms.enhancedCode));
  test('path', () =>
    staysTheSame(values.parseAbsolutePath, (path) => path, writtenForms.absolutePath));
});

test('every whole second is a duration, and every number of bytes a size', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 40 }), (count) => {
      assert.deepEqual(parseDuration(formatDuration(count * 1000)), { ok: count * 1000 });
      assert.deepEqual(parseSize(formatSize(count)), { ok: count });
    }),
  );
});

test('every address and port is a listener in both spellings', () => {
  const inet = fc.oneof(
    fc.ipV4().map((host) => [host, host] as const),
    fc.ipV6().map((host) => [`[${host}]`, host] as const),
  );
  fc.assert(
    fc.property(inet, fc.nat({ max: 65_535 }), ([inBrackets, host], port) => {
      const prefix = host.includes(':') ? 'inet6' : 'inet';
      const sendmail = parseSocketAddress(`inet:${port}@${inBrackets}`);
      assert.ok('ok' in sendmail);
      assert.deepEqual(parseSocketAddress(`inet:${inBrackets}:${port}`), sendmail);
      const isIpv6 = sendmail.ok.kind === 'inet' && sendmail.ok.family === 6;
      if (isIpv6) assert.deepEqual(parseSocketAddress(`${prefix}:${port}@${host}`), sendmail);
    }),
  );
});

test('the edit distance is symmetric, nothing for equal words alone, within the lengths of the words', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b);
      assert.equal(distance, editDistance(b, a));
      assert.equal(distance === 0, a === b);
      assert.ok(distance <= Math.max(a.length, b.length));
      assert.ok(distance >= Math.abs(a.length - b.length));
    }),
  );
});
