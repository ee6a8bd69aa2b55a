import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { ConfigError } from '../../../src/config/config-error.js';
import { formatDuration } from '../../../src/config/duration.js';
import { formatConfig } from '../../../src/config/effective.js';
import { parseConfig } from '../../../src/config/load.js';
import type { ConfigInputs } from '../../../src/config/load.js';
import { settings } from '../../../src/config/schema.js';
import { leafSettings } from '../../../src/config/settings.js';
import { readYaml, writeYaml } from '../../../src/config/yaml-text.js';
import { parseReplyTemplate } from '../../../src/greylist/reply-template.js';
import { fc } from '../../support/properties.js';

const shipped = readFileSync(new URL('../../../config/greymilter.yaml', import.meta.url), 'utf8');

const seconds = (min: number, max: number) =>
  fc.integer({ min, max }).map((count) => formatDuration(count * 1000));
const DAY = 86_400;

const printable = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 60,
});
const replyText = fc
  .array(fc.oneof(printable, fc.constantFrom('{wait}', '{minutes}', '{client}', '{from}')))
  .map(
    (parts) =>
      `x${parts.map((part) => (/^\{\w+\}$/.test(part) ? part : part.replace(/[{}]/g, '$&$&'))).join('')}`,
  )
  .filter((text) => 'ok' in parseReplyTemplate(text));
const path = printable.map((text) => `/${text.replace(/\/+/g, '')}x`);
const clients = fc.oneof(
  fc.constantFrom('loopback', 'private'),
  fc.ipV4(),
  fc.ipV6(),
  fc.nat({ max: 255 }).map((octet) => `192.0.${octet}.0/24`),
);
const oneOrMany = <T>(values: fc.Arbitrary<T>) =>
  fc.oneof(values, fc.array(values, { maxLength: 3 }));

/** Any configuration that is right, with any part of it left out. */
const inputs = fc.record(
  {
    listen: fc.record(
      {
        milter: path.map((text) => `unix:${text}`),
        socket: fc.record(
          {
            mode: fc
              .integer({ min: 0, max: 0o777 })
              .map((mode) => mode.toString(8).padStart(4, '0')),
            owner: fc.constantFrom(null, 'postfix', '0', 105),
          },
          { requiredKeys: [] },
        ),
        allow: oneOrMany(clients),
      },
      { requiredKeys: [] },
    ),
    store: fc.record({ url: path.map((text) => `level:${text}`) }),
    greylist: fc.record(
      {
        delay: seconds(1, 3600),
        'retry-window': seconds(3601, 60 * DAY),
        autowhite: seconds(3600, 1830 * DAY),
        network: fc.record({ ipv4: fc.integer({ min: 8, max: 32 }) }),
        stage: fc.constantFrom('rcpt', 'data'),
        patience: fc.oneof(
          fc.constantFrom('off', null),
          fc.record(
            { tries: fc.integer({ min: 1, max: 100 }), over: seconds(1, 30 * DAY) },
            { requiredKeys: [] },
          ),
        ),
        sender: fc.record({
          'fold-case': fc.boolean(),
          strip: oneOrMany(fc.constantFrom('batv', 'srs', 'verp', 'tokens')),
          form: fc.constantFrom('standard', 'postgrey'),
        }),
        recipient: fc.record({ delimiters: fc.stringMatching(/^[-!#+=?^_~]{1,8}$/) }),
        replies: fc.oneof(fc.constantFrom('off', null), seconds(1, 60 * DAY)),
        providers: fc.constantFrom('accept', 'greylist'),
        'probe-senders': fc.record({
          match: oneOrMany(fc.constantFrom('<>', 'a@', '@example.org', 'A@b.example', '#@')),
        }),
        reply: fc.record({ text: replyText }),
      },
      { requiredKeys: [] },
    ),
    'local-domains': oneOrMany(fc.constantFrom('Example.org', '.example.net')),
    trusted: oneOrMany(clients),
    log: fc.record({ to: path.map((text) => `file:${text}`) }),
    limits: fc.record({ packet: fc.integer({ min: 65_536, max: 2 ** 24 }) }),
  },
  { requiredKeys: [] },
);

test('the effective configuration loads to the same configuration', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const { config } = parseConfig({ text: writeYaml(input) });
      assert.deepEqual(parseConfig({ text: formatConfig(config) }).config, config);
    }),
    { numRuns: 200 },
  );
});

/** A configuration comes out, or a ConfigError with something to say, and nothing else. */
function staysWithinErrors(given: ConfigInputs): void {
  try {
    parseConfig(given);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    assert.equal(error.code, 'CONFIG_INVALID');
    assert.notEqual(error.issues.length, 0);
    assert.doesNotMatch(error.message, /[^\P{Cc}\n]/u);
  }
}

const yamlish = fc.string({
  unit: fc.constantFrom(
    ...' \n:-[]{}#&*!|>\'"%@`,?ab1~\t\r\0\u001b\u2028'.split(''),
    ...['greylist', 'delay', 'listen', 'milter', ': ', '\n  ', '- ', '__proto__', '<<', '---\n'],
  ),
  maxLength: 40,
});

describe('whatever is in a file, an answer comes out', () => {
  test('any text', () => {
    fc.assert(
      fc.property(fc.oneof(yamlish, fc.string({ unit: 'binary' })), (text) =>
        staysWithinErrors({ text }),
      ),
      { numRuns: 500 },
    );
  });

  test('the shipped file with something else in some place', () => {
    const place = fc.nat({ max: shipped.length });
    fc.assert(
      fc.property(place, fc.nat({ max: 20 }), yamlish, (at, length, text) =>
        staysWithinErrors({ text: shipped.slice(0, at) + text + shipped.slice(at + length) }),
      ),
      { numRuns: 200 },
    );
  });

  test('any data in any setting', () => {
    const names = leafSettings(settings).map((setting) => setting.path.join('.'));
    const data = fc.anything({ maxDepth: 2, withNullPrototype: true }).map((value) => {
      try {
        return JSON.stringify(value);
      } catch {
        return '~';
      }
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...names, 'greylist', 'log', 'a.__proto__.b'),
        data,
        (name, value) => staysWithinErrors({ text: shipped, overrides: [`${name}=${value}`] }),
      ),
      { numRuns: 200 },
    );
  });

  test('any option', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), yamlish, (option, value) =>
        staysWithinErrors({
          overrides: [option, `log.to=${value}`],
          listen: [value],
          store: value,
        }),
      ),
      { numRuns: 200 },
    );
  });
});

test('an issue is where something is written', () => {
  fc.assert(
    fc.property(yamlish, (text) => {
      const lines = text.split('\n');
      for (const { place } of readYaml(text).problems) {
        const line = lines[place.line - 1];
        assert.ok(line !== undefined, JSON.stringify(place));
        assert.ok(place.column >= 1 && place.column <= line.length + 1, JSON.stringify(place));
      }
    }),
    { numRuns: 500 },
  );
});
