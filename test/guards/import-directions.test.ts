import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createTempDirectory } from '../support/temp-directory.js';
import {
  findCircles,
  findForbidden,
  findPackageImporters,
  type FolderRule,
  type ImportRules,
} from './import-rules.js';
import { importsOf, readImports } from './module-imports.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Node's modules that do no I/O: address functions and punycode. */
const pureNode = ['node:net', 'node:url'];

/** What any room of the daemon may use beside other rooms. */
const outsideDaemon = ['protocols', 'mail', 'greylist', 'rules', 'lookups', 'store'].concat([
  'config',
  'migrate',
  'telemetry',
  'reports',
  'admin',
]);

function daemonRoom(...rooms: readonly string[]): FolderRule {
  return { folders: [...outsideDaemon, ...rooms.map((room) => `daemon/${room}`)], packages: [] };
}

/** Who may import whom; what is not named is forbidden. Type-only imports are free. */
const rules: ImportRules = {
  'protocols/connections': { folders: [], packages: [], node: [] },
  'protocols/milter': { folders: ['protocols/connections'], packages: [] },
  'protocols/postfix-policy': { folders: ['protocols/connections'], packages: [] },
  // createRequire loads a package, as an import does.
  mail: { folders: [], packages: ['tldts'], node: [...pureNode, 'node:module'] },
  greylist: { folders: ['mail'], packages: [], node: pureNode },
  rules: { folders: ['mail', 'greylist'], packages: ['re2js'], node: pureNode },
  lookups: { folders: ['mail'], packages: ['mailauth', 'maxmind', 'ldapts'] },
  store: { folders: ['mail', 'greylist'], packages: ['level', '@redis/client'] },
  config: { folders: ['mail', 'greylist', 'rules'], packages: ['yaml', 'zod'] },
  // What imports work upon is a store, and they take turns with mail as its own scans do.
  migrate: { folders: ['mail', 'greylist', 'store'], packages: ['csv-parse'] },
  telemetry: {
    folders: ['mail', 'greylist'],
    packages: ['winston', 'winston-transport', 'prom-client'],
  },
  reports: { folders: ['mail', 'greylist', 'rules', 'config'], packages: [] },
  // It runs in browsers, and what it imports is copied into it by the build.
  'admin/page': { folders: [], packages: ['uplot'], node: [] },
  admin: {
    folders: ['mail', 'greylist', 'store', 'telemetry', 'reports', 'migrate'],
    packages: ['hono', '@hono/node-server'],
  },
  // The rooms of the daemon: each may use those above it that it names.
  'daemon/process': daemonRoom(),
  'daemon/policy': daemonRoom('process'),
  'daemon/greylisting': daemonRoom('process', 'policy'),
  'daemon/listening': daemonRoom('process'),
  'daemon/configuration': daemonRoom('process', 'policy', 'greylisting'),
  'daemon/answers': daemonRoom('process', 'policy', 'greylisting', 'configuration'),
  'daemon/stores': daemonRoom('process', 'answers'),
  'daemon/insight': daemonRoom('process', 'configuration', 'stores'),
  'daemon/milter': daemonRoom('process', 'policy', 'answers', 'insight'),
  'daemon/postfix': daemonRoom('process', 'policy', 'answers', 'insight'),
  'daemon/trials': daemonRoom(
    'process',
    'policy',
    'greylisting',
    'configuration',
    'answers',
    'milter',
  ),
  daemon: { folders: [...outsideDaemon, 'daemon'], packages: [] },
  setup: { folders: ['mail', 'config'], packages: [] },
  cli: {
    folders: ['daemon', 'admin', 'config', 'reports', 'migrate', 'lookups', 'store'].concat([
      'protocols',
      'mail',
      'setup',
    ]),
    packages: ['yargs'],
  },
};

describe('the modules of src/', () => {
  const modules = readImports(join(root, 'src'));

  test('are found', () => {
    assert.ok(modules.length > 0);
    assert.ok(modules.some(({ imports }) => imports.length > 0));
  });

  test('import only in the allowed directions', () => {
    assert.deepEqual(findForbidden(rules, modules), []);
  });

  test('load each other in no circle', () => {
    assert.deepEqual(findCircles(modules), []);
  });

  test('load each runtime package from exactly one file, and no other package', () => {
    const importers = new Map(findPackageImporters(modules));
    assert.deepEqual(importers.get('uplot'), ['admin/page/plots.ts']);
    importers.delete('uplot');
    const several = [...importers].filter(([, paths]) => paths.length > 1);
    assert.deepEqual(several, []);
    assert.deepEqual([...importers.keys()].sort(), runtimePackages());
  });
});

function runtimePackages(): readonly string[] {
  const text = readFileSync(join(root, 'package.json'), 'utf8');
  // Our own file.
  const { dependencies } = JSON.parse(text) as { dependencies: Readonly<Record<string, string>> };
  return Object.keys(dependencies).sort();
}

describe('the import guard', () => {
  test('reads every kind of import and leaves types out', () => {
    const text = `
      import fs from 'node:fs';
      import { a } from './a.js';
      import { type B } from './b.js';
      import type { C } from './c.js';
      export * from '../up/d.js';
      export { e } from '@scope/name/deep.js';
      export type { F } from './f.js';
      import 'side-effect';
      type G = import('./g.js').G;
      const h = await import('yargs/helpers');
      const i = await import(\`./i.js\`);
      const j = await import(variable);
      const k = require('k');
    `;
    assert.deepEqual(importsOf('mail/x.ts', text), [
      { kind: 'node', name: 'node:fs' },
      { kind: 'module', path: 'mail/a.ts' },
      { kind: 'module', path: 'mail/b.ts' },
      { kind: 'module', path: 'up/d.ts' },
      { kind: 'package', name: '@scope/name' },
      { kind: 'package', name: 'side-effect' },
      { kind: 'package', name: 'yargs' },
      { kind: 'module', path: 'mail/i.ts' },
      { kind: 'unreadable', text: 'variable' },
      { kind: 'package', name: 'k' },
    ]);
  });

  test('finds what the table forbids', (t) => {
    const modules = readImports(
      writeTree(t, {
        'mail/pure.ts': `import { isIP } from 'node:net'; import { x } from './gone.js';`,
        'mail/impure.ts': `import 'node:fs'; import './pure.js';`,
        'greylist/up.ts': `import type { D } from '../daemon/main.js'; import '../daemon/main.js';`,
        'daemon/main.ts': `import '../mail/pure.js'; import '../protocols/milter/x.js';`,
        'protocols/milter/x.ts': `import '../postfix-policy/y.js'; import 'level';`,
        'protocols/postfix-policy/y.ts': `import 'fs'; await import(name);`,
        'store/level.ts': `import 'level'; import '../config/schema.js';`,
        'config/schema.ts': `import 'zod';`,
        'stray.ts': '',
      }),
    );
    assert.deepEqual(findForbidden(rules, modules).sort(), [
      'greylist/up.ts -> daemon/main.ts',
      'mail/impure.ts -> node:fs',
      'mail/pure.ts -> mail/gone.ts (does not exist)',
      'protocols/milter/x.ts -> level',
      'protocols/milter/x.ts -> protocols/postfix-policy/y.ts',
      'protocols/postfix-policy/y.ts -> fs',
      'protocols/postfix-policy/y.ts -> name (cannot be checked)',
      'store/level.ts -> config/schema.ts',
      'stray.ts is in no folder of the table',
    ]);
    assert.deepEqual(findPackageImporters(modules).get('level'), [
      'protocols/milter/x.ts',
      'store/level.ts',
    ]);
  });

  test('finds circles, through any number of modules', (t) => {
    const modules = readImports(
      writeTree(t, {
        'a.ts': `import './b.js'; import './c.js';`,
        'b.ts': `import './c.js';`,
        'c.ts': `import type { A } from './a.js'; export const d = () => import('./d.js');`,
        'd.ts': `export * from './b.js';`,
        'self.ts': `import './self.js';`,
      }),
    );
    assert.deepEqual(findCircles(modules), ['b.ts -> c.ts -> d.ts -> b.ts', 'self.ts -> self.ts']);
  });
});

function writeTree(
  t: Parameters<typeof createTempDirectory>[0],
  files: Readonly<Record<string, string>>,
): string {
  const folder = createTempDirectory(t);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
