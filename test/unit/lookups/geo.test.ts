import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { openGeoDatabases } from '../../../src/lookups/geo.js';
import { writeMmdb, type MmdbEntries } from '../../support/mmdb-writer.js';
import { createTempDirectory } from '../../support/temp-directory.js';
import { ip } from './spf-rig.js';

const countries: MmdbEntries = {
  '192.0.2.0/24': { country: { iso_code: 'DE', names: { en: 'Germany' } } },
  '192.0.2.128/25': { country: { iso_code: 'fr' } },
  '198.51.100.0/24': { registered_country: { iso_code: 'NL' } },
  '203.0.113.0/24': { continent: { code: 'EU' } },
  '2001:db8::/32': { country: { iso_code: 'SE' } },
};
const systems: MmdbEntries = {
  '192.0.2.0/24': {
    autonomous_system_number: 64_496,
    autonomous_system_organization: 'A rather long name of an organisation, example only',
  },
};

function write(t: TestContext, content: Buffer | string): string {
  const path = join(createTempDirectory(t), 'test.mmdb');
  writeFileSync(path, content);
  return path;
}

describe('GeoIP databases', () => {
  test('tell the country, by the narrowest network', async (t) => {
    const databases = await openGeoDatabases([write(t, writeMmdb(countries))]);
    const countryOf = (text: string): unknown => {
      const answer = databases.find(ip(text));
      return answer.known ? answer.value.country : answer;
    };
    assert.equal(countryOf('192.0.2.1'), 'DE');
    assert.equal(countryOf('192.0.2.200'), 'FR');
    assert.equal(countryOf('::ffff:192.0.2.1'), 'DE');
    assert.equal(countryOf('2001:db8::1'), 'SE');
    assert.equal(countryOf('198.51.100.1'), 'NL');
    assert.equal(countryOf('203.0.113.1'), undefined);
    assert.equal(countryOf('10.0.0.1'), undefined);
  });

  test('together tell what each of them knows', async (t) => {
    const files = [write(t, writeMmdb(systems)), write(t, writeMmdb(countries))];
    const databases = await openGeoDatabases(files);
    assert.deepEqual(databases.find(ip('192.0.2.1')), {
      known: true,
      value: {
        country: 'DE',
        asn: 64_496,
        organisation: 'A rather long name of an organisation, example only',
      },
    });
    assert.deepEqual(databases.find(ip('10.0.0.1')), {
      known: true,
      value: { country: undefined, asn: undefined, organisation: undefined },
    });
  });

  test('are read whole: who opens again gets the new file', async (t) => {
    const path = write(t, writeMmdb(countries));
    const old = await openGeoDatabases([path]);
    writeFileSync(path, writeMmdb({ '192.0.2.0/24': { country: { iso_code: 'IT' } } }));
    const renewed = await openGeoDatabases([path]);
    const value = { asn: undefined, organisation: undefined };
    assert.deepEqual(old.find(ip('192.0.2.1')), {
      known: true,
      value: { country: 'DE', ...value },
    });
    assert.deepEqual(renewed.find(ip('192.0.2.1')), {
      known: true,
      value: { country: 'IT', ...value },
    });
  });

  test('that are missing are named', async (t) => {
    const path = join(createTempDirectory(t), 'gone.mmdb');
    const code = 'GEO_UNREADABLE';
    await assert.rejects(openGeoDatabases([path]), { code, message: new RegExp(path) });
  });

  for (const [what, damage] of [
    ['empty', () => Buffer.alloc(0)],
    ['text', () => Buffer.from('no database at all, but a text of some length\n'.repeat(20))],
    ['zeros', () => Buffer.alloc(4096)],
    ['cut at the end', (whole) => whole.subarray(0, -40)],
    ['cut at the start', (whole) => whole.subarray(whole.length / 2)],
    ['without its tree', (whole) => whole.subarray(whole.lastIndexOf('MaxMind.com') - 3)],
  ] as readonly (readonly [string, (whole: Buffer) => Buffer])[])
    test(`that are damaged (${what}) are refused`, async (t) => {
      const path = write(t, damage(writeMmdb(countries)));
      const code = 'GEO_INVALID';
      await assert.rejects(openGeoDatabases([path]), { code, message: new RegExp(path) });
    });
});
