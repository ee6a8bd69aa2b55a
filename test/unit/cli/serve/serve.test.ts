import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  GreymilterProcess,
  runGreymilter,
  startGreymilter,
} from '../../../support/daemon-process.js';
import { createTempDirectory } from '../../../support/temp-directory.js';

describe('serve', () => {
  test('says what it does, from its start through reloads to its end', async (t) => {
    const directory = createTempDirectory({ after: (remove) => t.after(remove) });
    const file = join(directory, 'greymilter.yaml');
    const write = (greylist: string): void =>
      writeFileSync(
        file,
        `listen: {milter: 'inet:0@127.0.0.1', allow: [192.0.2.1]}\n` +
          `store: {url: 'level:${directory}/db'}\ngreylist: ${greylist}\n`,
      );
    write('{delay: 4m, mode: shadow}');
    const greymilter = new GreymilterProcess(['serve', '--config', file]);
    t.after(() => greymilter.kill('SIGKILL'));
    const [address] = await greymilter.ready();
    assert.match(address ?? '', /^inet:[1-9]\d*@127\.0\.0\.1$/);
    write('{delay: 5m, mode: learn}');
    greymilter.kill('SIGHUP');
    await greymilter.logged(/ configuration reloaded .* mode=learn /);
    write('{delay: 5m}');
    greymilter.kill('SIGHUP');
    await greymilter.logged(/ configuration reloaded listening=\S+ file=/);
    write('{delay: 5}');
    greymilter.kill('SIGHUP');
    await greymilter.logged(/ error reload failed/);
    greymilter.kill('SIGTERM');
    const { code, stdout, stderr } = await greymilter.ending;
    assert.deepEqual([code, stdout], [0, '']);
    const lines = stderr.trimEnd().split('\n');
    const rest = lines.map((line) => line.replace(/^\S+ /, ''));
    const doubt = /^warn .*listen\.allow: has no effect/;
    const expected: readonly RegExp[] = [
      doubt,
      /^info greymilter is starting version=\S+ pid=\d+$/,
      /^info ready listening=\S+ store=\S+\/db delay=240 mode=shadow$/,
      doubt,
      /^info configuration reloaded listening=\S+ mode=learn file=\S+\/greymilter\.yaml took=\d+$/,
      /^info the mode has changed from=shadow to=learn$/,
      /^info greylist\.mode is learn, was shadow$/,
      /^info greylist\.delay is 5m, was 4m$/,
      doubt,
      /^info configuration reloaded listening=\S+ file=\S+\/greymilter\.yaml took=\d+$/,
      /^info the mode has changed from=learn to=enforce$/,
      /^info greylist\.mode is enforce, was learn$/,
      /^error reload failed, everything stays as it was code=CONFIG_INVALID error=.*greymilter\.yaml:3:19: greylist\.delay: /,
      /^info asked to stop signal=SIGTERM$/,
      /^info stopping connections=0$/,
      /^info stopped$/,
    ];
    assert.equal(rest.length, expected.length, stderr);
    expected.forEach((pattern, index) => assert.match(rest[index] ?? '', pattern));
  });

  test('writes into its log as well why it could not start', async (t) => {
    const directory = createTempDirectory(t);
    const place = (name: string): string => join(directory, name);
    writeFileSync(place('milter.sock'), 'no socket');
    const { code, stderr } = await runGreymilter([
      ...['serve', '--listen', `unix:${place('milter.sock')}`, '--store', place('db')],
      ...['--set', `log.to=file:${place('log')}`],
    ]);
    assert.equal(code, 73);
    assert.match(stderr, /^greymilter: \S+milter\.sock exists and is no socket/);
    const log = readFileSync(place('log'), 'utf8');
    assert.match(log, / error start failed code=LISTENER_PATH error="\S+milter\.sock exists /);
  });

  test('says last why it could not start', async (t) => {
    const directory = createTempDirectory(t);
    writeFileSync(join(directory, 'db'), 'no directory');
    const { code, stderr } = await runGreymilter([
      ...['serve', '--listen', `unix:${join(directory, 'milter.sock')}`],
      ...['--store', join(directory, 'db')],
    ]);
    assert.equal(code, 69);
    assert.match(stderr, /^\S+ info greymilter is starting .*\ngreymilter: .*\n$/);
  });

  test('ends after a bug, with its stack in the log', async (t) => {
    const directory = createTempDirectory({ after: (remove) => t.after(remove) });
    const bug = `process.on('SIGUSR2', () => { throw new TypeError('oops'); })`;
    const greymilter = startGreymilter(
      t,
      ['--listen', 'inet:0@127.0.0.1', '--store', join(directory, 'db')],
      { nodeOptions: ['--import', `data:text/javascript,${encodeURIComponent(bug)}`] },
    );
    await greymilter.ready();
    greymilter.kill('SIGUSR2');
    const { code, stderr } = await greymilter.ending;
    assert.equal(code, 70);
    assert.match(stderr, / error bug: the daemon has to stop error=oops stack="TypeError: oops\\n/);
  });
});
