import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readHandbook } from '../guards/readme-text.js';
import {
  compile,
  installPackage,
  run,
  startProgram,
  type InstalledPackage,
} from '../support/installed-package.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { isListening } from '../support/is-listening.js';
import { waitUntil } from '../support/wait-until.js';

const { snippets } = readHandbook();

function snippet(info: string): string {
  const found = snippets.filter((each) => each.info === info);
  assert.equal(found.length, 1, info);
  return `${found.flatMap(({ lines }) => lines).join('\n')}\n`;
}

describe('the packed tarball, in the TypeScript of a user', () => {
  let installed: InstalledPackage = { directory: '', files: [], program: '' };
  let remove = (): void => undefined;
  // What a hook registers by itself is done when the hook ends.
  before(async () => (installed = await installPackage({ after: (call) => (remove = call) })));
  after(() => remove());

  test("The handbook's filter and MTA type-check in a strict project, and talk to each other", async (t) => {
    const { directory } = installed;
    writeFileSync(join(directory, 'filter.mts'), snippet('ts milter-filter'));
    writeFileSync(join(directory, 'mta.mts'), snippet('ts milter-mta'));
    // Of all else TypeScript's own defaults.
    const strict = ['--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false'];
    const target = ['--module', 'nodenext', '--target', 'es2022'];
    await compile(directory, [...strict, ...target, '--types', 'node', 'filter.mts', 'mta.mts']);
    const socket = join(createTempDirectory(t), 'milter.sock');
    const filter = startProgram(t, [process.execPath, 'filter.mjs', socket], directory);
    await waitUntil(() => isListening({ path: socket }), 'the filter listens');
    const { stdout } = await run(process.execPath, ['mta.mjs', socket], directory);
    assert.equal(stdout, snippet('text milter-mta'));
    assert.equal(await filter.stop(), 0);
  });

  test('brings its types where nothing else asks for those of Node.js', async () => {
    const { directory } = installed;
    writeFileSync(
      join(directory, 'types.mts'),
      "import type { BodyEvent, FilterAddress } from 'greymilter/milter';\n" +
        'export const text = ({ chunk }: BodyEvent): string => chunk.toString();\n' +
        'export const here: FilterAddress = { port: 1 };\n',
    );
    const options = ['--strict', '--skipLibCheck', 'false', '--module', 'nodenext', '--noEmit'];
    await compile(directory, [...options, 'types.mts']);
  });
});
