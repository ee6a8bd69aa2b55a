import assert from 'node:assert/strict';
import { parsePostgreyAddress } from '../../../src/config/postgrey-address.js';
import { parsePostgreyClient } from '../../../src/config/postgrey-client.js';
import { postgreyEntriesOf } from '../../../src/config/postgrey-line.js';
import { ConfigError } from '../../../src/config/config-error.js';
import { listFilePath } from '../../../src/config/list-contents.js';
import { entriesOfFile, isTooLong } from '../../../src/config/list-file.js';
import { parseConfig } from '../../../src/config/load.js';
import type { FuzzTarget } from '../fuzz-target.js';
import { readFixtures } from '../read-fixture.js';

const own =
  '192.0.2.0/24 # ours\n.example.org\nmail.example\n/^mx[0-9]+\\./i\n2001:db8::/32\n@a.example\n';
const configFile = '/etc/greymilter/greymilter.yaml';

/** Lists in files, Postgrey's and ours: each line is an entry, nothing, or told of with its place. */
export const listFiles: FuzzTarget = {
  name: 'list-files',
  seeds: () => [...readFixtures('postgrey', /^whitelist/), Buffer.from(own)],
  words: [
    ...['#', ' # x', '/', '\\/', '@', '.', '*', '/24', '/129', '::', '192.0.2.', '10', '\r', '\n'],
    ...['(', ')*', '[^', ']', '{9999}', '(?=', '\\1', '\\p{L}', '(?i)', '\ufeff', '\0', '\u2028'],
  ],
  maxBytes: 3000,
  run: (input) => {
    const text = input.toString('utf8');
    const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
    for (const entry of [...postgreyEntriesOf(text), ...entriesOfFile(text)]) {
      const line = lines[entry.line - 1];
      assert.ok(line?.startsWith(entry.text, entry.column - 1), 'an entry is where it stands');
    }
    for (const entry of postgreyEntriesOf(text)) {
      if (isTooLong(entry)) continue;
      for (const read of [parsePostgreyClient(entry), parsePostgreyAddress(entry)]) {
        if ('problem' in read) assert.notEqual(read.problem, '');
      }
    }
    for (const type of ['clients', 'senders', 'recipients', 'names', 'values']) {
      for (const form of ['file', 'postgrey']) loadList(text, lines.length, { type, form });
    }
  },
};

function loadList(
  text: string,
  lines: number,
  { type, form }: { readonly type: string; readonly form: string },
): void {
  const path = listFilePath('entries', configFile);
  const config = `lists: {those: {${type}: [{${form}: entries}]}}\n`;
  try {
    const files = new Map([[path, { text }]]);
    const { warnings } = parseConfig({ text: config, file: configFile }, files);
    for (const { file, line = 1 } of warnings) if (file === path) assert.ok(line <= lines);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const { file, line = 1, column = 1 } of error.issues) {
      if (file === path) assert.ok(line >= 1 && line <= lines && column >= 1);
    }
  }
}
