import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';

import { runCommandLine } from '../../../src/cli/command-line.js';
import { projectRoot } from '../../guards/readme-text.js';
import { createTempDirectory } from '../../support/temp-directory.js';

const directory = join(projectRoot, 'test/fixtures/milter-greylist');

/** Runs one command in this process. */
async function run(args: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  const code = await runCommandLine(args, {
    print: (text) => void (stdout += text),
    error: (text) => void (stderr += text),
  });
  return { code, stdout, stderr };
}

describe('the commands with a greylist.conf', () => {
  for (const name of readdirSync(directory).filter((file) => file.endsWith('.conf')))
    test(`convert-config ${name} prints what check-config finds nothing wrong with`, async (t) => {
      const temporary = createTempDirectory({ after: (remove) => t.after(remove) });
      const converted = await run(['convert-config', join(directory, name)]);
      assert.equal(converted.code, 0, converted.stderr);
      const file = join(temporary, 'greymilter.yaml');
      writeFileSync(file, converted.stdout);
      const own = await run(['check-config', join(directory, name)]);
      const ours = await run(['check-config', file]);
      assert.equal(ours.code, 0, ours.stderr);
      assert.equal(ours.stdout, own.stdout);
    });

  test('check-config says of each line what is done in another way', async () => {
    const { code, stderr } = await run(['check-config', join(directory, 'everybody.conf')]);
    assert.equal(code, 0);
    assert.match(stderr, /^note: .*everybody\.conf:4:1: dumpfreq changes nothing$/m);
    assert.match(
      stderr,
      /^note: .*everybody\.conf:8:1: geoipdb is in a form that is not read here$/m,
    );
  });

  test('convert-config keeps comments, and says what is not done', async (t) => {
    const temporary = createTempDirectory({ after: (remove) => t.after(remove) });
    const file = join(temporary, 'greylist.conf');
    writeFileSync(file, '# Ours\nracl whitelist addr 192.0.2.0/24\npeer 192.0.2.1\ndumpfreq 1\n');
    const refused = await run(['convert-config', file]);
    assert.equal(refused.code, 65);
    assert.equal(refused.stdout, '');
    const { code, stdout } = await run(['convert-config', file, '--ignore-unsupported']);
    assert.equal(code, 0);
    assert.match(stdout, /^# NOT DONE \(line 3\): peer is not told of anything - /m);
    assert.match(stdout, /^# NOTE \(line 4\): dumpfreq changes nothing/m);
    assert.match(stdout, / {2}# Ours\n {2}- name: "2"\n {4}when:\n {6}client: 192\.0\.2\.0\/24\n/);
  });

  test('convert-config wants a file, and one that is not ours', async () => {
    assert.equal((await run(['convert-config'])).code, 64);
    assert.equal((await run(['convert-config', 'greymilter.yaml'])).code, 64);
    assert.equal((await run(['convert-config', '/no/greylist.conf'])).code, 65);
  });

  test('check-config says of a database of countries that it is not there', async (t) => {
    const temporary = createTempDirectory({ after: (remove) => t.after(remove) });
    const file = join(temporary, 'greylist.conf');
    writeFileSync(file, 'geoip2db "/no/where.mmdb"\nracl whitelist geoip "FR"\n');
    const { code, stderr } = await run(['check-config', file]);
    assert.equal(code, 0);
    assert.match(
      stderr,
      /^warning: .*\/no\/where\.mmdb.*; a filter of this machine would not start$/m,
    );
  });

  test('check-config wants a name, which says what language it is', async () => {
    const { code, stderr } = await run(['check-config', '-']);
    assert.equal(code, 64);
    assert.match(stderr, /^greymilter: Name the file: its name says/);
  });

  test('convert-config reads what comes through a pipe', async (t) => {
    const stdin = Object.getOwnPropertyDescriptor(process, 'stdin');
    assert.ok(stdin);
    t.after(() => Object.defineProperty(process, 'stdin', stdin));
    const pipe = (...chunks: readonly Buffer[]): void =>
      void Object.defineProperty(process, 'stdin', { ...stdin, get: () => Readable.from(chunks) });
    pipe(Buffer.from('racl whitelist default msg "caf'), Buffer.from([0xe9, 0x22, 0x0a]));
    const converted = await run(['convert-config', '-']);
    assert.equal(converted.code, 0, converted.stderr);
    assert.match(converted.stdout, /^# From standard input\n/);
    assert.match(converted.stdout, /^ {4}then: accept$/m);
    pipe();
    const nothing = await run(['convert-config', '-']);
    assert.deepEqual([nothing.code, nothing.stdout], [65, '']);
    assert.match(nothing.stderr, /^greymilter: standard input: has nothing in it$/m);
    pipe(Buffer.alloc(5 * 1024 * 1024, '#'));
    assert.match(
      (await run(['convert-config', '-'])).stderr,
      /standard input: is larger than 4096 KiB/,
    );
  });

  test('explain names the line of the rule that decides', async () => {
    const { code, stdout } = await run([
      ...['explain', '--config', join(directory, 'distribution.conf'), '--no-store'],
      ...['--client', '198.51.100.17', '--from', 'a@example.net', '--to', 'b@example.com'],
    ]);
    assert.equal(code, 0);
    assert.match(stdout, /by rule "34" \(.*distribution\.conf:34\)/);
    assert.match(stdout, /198\.51\.100\.16\/28 \(.*distribution\.conf:19\)/);
  });
});
