import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { createTempDirectory } from '../../../support/temp-directory.js';

const subject = new URL('../../../../src/daemon/listening/socket-classes.ts', import.meta.url).href;

/** As `net.Server` makes the socket of a connection, so often that V8 has settled for its ways. */
const script = `
  import { Socket } from 'node:net';
  import { shareSocketClasses } from '${subject}';
  shareSocketClasses();
  for (let made = 0; made < 500; made++) {
    new Socket({ handle: undefined, allowHalfOpen: false, pauseOnCreate: false, readable: true });
  }
`;

describe('the hidden classes of sockets', () => {
  test('are made once and not for each connection', (t) => {
    const log = join(createTempDirectory(t), 'classes.log');
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        ...['--log-maps', '--no-logfile-per-isolate', `--logfile=${log}`],
        ...['--import', 'tsx', '--input-type=module', '--eval', script],
      ],
      { encoding: 'utf8' },
    );
    assert.equal(status, 0, stderr);
    const made = readFileSync(log, 'utf8').match(/^map,Transition,.*,emitClose$/gm) ?? [];
    assert.ok(made.length > 0, 'V8 tells of its classes in another way');
    assert.ok(made.length < 100, `${made.length} classes for 500 sockets`);
  });
});
