import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { billOfMaterials } from '../../../scripts/bill-of-materials.js';
import { projectRoot } from '../../guards/readme-text.js';

const project = { name: 'filter', version: '1.0.0', license: 'MIT' };

/** A lock file of these packages, by the path where each is installed. */
function lock(packages: Readonly<Record<string, object>>): string {
  return JSON.stringify({ lockfileVersion: 3, packages });
}

describe('the bill of materials', () => {
  test('has a package with its name, licence and checksum', () => {
    const found = billOfMaterials(
      lock({
        '': { ...project, dependencies: { '@scope/one': '^1' } },
        'node_modules/@scope/one': { version: '1.2.3', license: 'ISC', integrity: 'sha512-AP8=' },
      }),
    );
    assert.deepEqual(found, {
      $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      version: 1,
      metadata: {
        component: {
          type: 'application',
          'bom-ref': 'filter@1.0.0',
          name: 'filter',
          version: '1.0.0',
          purl: 'pkg:npm/filter@1.0.0',
          licenses: [{ license: { id: 'MIT' } }],
        },
      },
      components: [
        {
          type: 'library',
          'bom-ref': '@scope/one@1.2.3',
          name: '@scope/one',
          version: '1.2.3',
          purl: 'pkg:npm/%40scope/one@1.2.3',
          licenses: [{ license: { id: 'ISC' } }],
          hashes: [{ alg: 'SHA-512', content: '00ff' }],
        },
      ],
      dependencies: [
        { ref: 'filter@1.0.0', dependsOn: ['@scope/one@1.2.3'] },
        { ref: '@scope/one@1.2.3', dependsOn: [] },
      ],
    });
  });

  test('finds what a package needs where Node.js would, and has one of two places once', () => {
    const plain = { license: 'MIT' };
    const { components, dependencies } = billOfMaterials(
      lock({
        '': { ...project, dependencies: { a: '1', b: '1' }, devDependencies: { tool: '1' } },
        'node_modules/a': { ...plain, version: '1.0.0', dependencies: { c: '1', d: '1' } },
        'node_modules/a/node_modules/c': { ...plain, version: '1.0.0', dependencies: { d: '1' } },
        'node_modules/b': {
          ...{ ...plain, version: '1.0.0', dependencies: { c: '2' } },
          ...{ optionalDependencies: { gone: '1' }, peerDependencies: { d: '1' } },
        },
        'node_modules/b/node_modules/d': { ...plain, version: '1.0.0' },
        'node_modules/c': { ...plain, version: '2.0.0' },
        'node_modules/d': { ...plain, version: '1.0.0' },
        'node_modules/tool': { ...plain, version: '1.0.0', dev: true },
      }),
    );
    const names = ['a@1.0.0', 'c@1.0.0', 'b@1.0.0', 'd@1.0.0', 'c@2.0.0'];
    assert.deepEqual(
      components.map((each) => each['bom-ref']),
      names,
    );
    assert.deepEqual(Object.fromEntries(dependencies.map((each) => [each.ref, each.dependsOn])), {
      'filter@1.0.0': ['a@1.0.0', 'b@1.0.0'],
      'a@1.0.0': ['c@1.0.0', 'd@1.0.0'],
      'c@1.0.0': ['d@1.0.0'],
      'b@1.0.0': ['c@2.0.0', 'd@1.0.0'],
      'd@1.0.0': [],
      'c@2.0.0': [],
    });
  });

  test('has what the page is built of, and says one licence or another as SPDX does', () => {
    const { components, dependencies } = billOfMaterials(
      lock({
        '': project,
        'node_modules/uplot': { version: '1.0.0', license: '(MIT OR ISC)', dev: true },
      }),
    );
    assert.deepEqual(
      components.map(({ licenses }) => licenses),
      [[{ expression: '(MIT OR ISC)' }]],
    );
    assert.deepEqual(dependencies[0]?.dependsOn, ['uplot@1.0.0']);
  });

  test('refuses a file that is about nothing', () => {
    assert.throws(() => billOfMaterials(lock({})), /names no project/);
  });

  test('says of ours what is installed: names, versions, licences, and nobody twice', () => {
    const text = readFileSync(join(projectRoot, 'package-lock.json'), 'utf8');
    const { components, dependencies } = billOfMaterials(text);
    const refs = new Set(dependencies.map(({ ref }) => ref));
    assert.equal(refs.size, components.length + 1);
    assert.equal(dependencies.length, refs.size);
    for (const { dependsOn } of dependencies)
      for (const needed of dependsOn) assert.ok(refs.has(needed), needed);
    for (const { name, version, licenses, hashes } of components) {
      assert.equal(hashes?.length, 1, name);
      // Of two versions the one that more need lies there.
      const manifest = join(projectRoot, 'node_modules', name, 'package.json');
      const there = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, unknown>;
      assert.equal(there['name'], name);
      if (there['version'] === version)
        assert.deepEqual(licenses, [{ license: { id: there['license'] } }], name);
    }
  });
});
