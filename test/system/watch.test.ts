import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { startGreymilter, type GreymilterProcess } from '../support/daemon-process.js';
import { writeMmdb } from '../support/mmdb-writer.js';
import { openFiles } from '../support/open-files.js';
import { createTempDirectory, type CleanUp } from '../support/temp-directory.js';
import { waitUntil } from '../support/wait-until.js';
import { openSession, tryRecipient } from './smtp-session.js';

/** A filter with a configuration of its own, and what it makes of it. */
class Watched {
  readonly directory: string;
  #process: GreymilterProcess | undefined;
  #read = 0;

  constructor(cleanUp: CleanUp) {
    this.directory = createTempDirectory(cleanUp);
  }

  at(name: string): string {
    return join(this.directory, name);
  }

  /** The configuration's text, with these rules and lists. */
  config(rest: string, reload = 'watch'): string {
    return `listen: {milter: 'unix:${this.at('milter.sock')}'}
store: {url: 'level:${this.at('db')}'}
log: {to: 'file:${this.at('log')}'}
trusted: []
reload: ${reload}
${rest}`;
  }

  async start(cleanUp: CleanUp, file = this.at('greymilter.yaml')): Promise<GreymilterProcess> {
    const options = { logFile: this.at('log') };
    this.#process = startGreymilter(cleanUp, ['--config', file], options);
    await this.#process.ready();
    this.#read = this.#process.log.length;
    return this.#process;
  }

  /** The line that the log has from now on, or has got since the last one was asked for. */
  async says(pattern: RegExp): Promise<string> {
    const line = await this.#running.logged(pattern, this.#read);
    this.#read = this.#running.log.indexOf(line, this.#read) + line.length;
    return line;
  }

  /** What the client is told by a new session. */
  async told(recipient = 'a@example.org'): Promise<string> {
    const peer = await this.#running.connect(`unix:${this.at('milter.sock')}`);
    await openSession(peer);
    await peer.mail('<alice@client.example>');
    const reply = await tryRecipient(peer, recipient);
    await peer.quit();
    return reply;
  }

  get #running(): GreymilterProcess {
    assert.ok(this.#process);
    return this.#process;
  }
}

/** Cleans up in the order that a process in a directory needs: the last first. */
function inReverse(t: TestContext): CleanUp & { after(stop: () => Promise<void> | void): void } {
  const steps: (() => Promise<void> | void)[] = [];
  t.after(async () => {
    for (const step of steps.reverse()) await step();
  });
  return { after: (step: () => Promise<void> | void) => steps.push(step) };
}

const rejecting = (text: string): string => `rules: [{then: reject, text: ${text}}]\n`;
const reloaded = / configuration reloaded /;
const failed = / error reload failed, everything stays as it was /;

/** What a process has open below a directory, but for its store and its log. */
function openBelow(pid: number, directory: string): readonly string[] {
  return openFiles(pid).filter(
    (path) => path.startsWith(directory) && !/^\/(?:db\/|log$)/.test(path.slice(directory.length)),
  );
}

describe('reload: watch', () => {
  test('takes over whatever is saved, and says of a mistake once what is wrong', async (t) => {
    const cleanUp = inReverse(t);
    const watched = new Watched(cleanUp);
    const file = watched.at('greymilter.yaml');
    const write = (text: string): void => writeFileSync(file, text);
    write(watched.config(rejecting('one')));
    const greymilter = await watched.start(cleanUp);
    assert.equal(await watched.told(), '550 5.7.1 one');

    write(watched.config(rejecting('two')));
    const why = await watched.says(/ reloading, since files have changed /);
    assert.ok(why.endsWith(`files=${file}`), why);
    await watched.says(reloaded);
    assert.equal(await watched.told(), '550 5.7.1 two');

    // As editors save: another file of that name, and for a moment none.
    renameSync(file, `${file}~`);
    writeFileSync(watched.at('.new'), watched.config(rejecting('three')));
    renameSync(watched.at('.new'), file);
    await watched.says(reloaded);
    assert.equal(await watched.told(), '550 5.7.1 three');

    write(watched.config('rules: [{then: rejekt}]\n'));
    assert.match(await watched.says(failed), /did you mean \\+"reject/);
    assert.equal(await watched.told(), '550 5.7.1 three');
    // A list that is not there is waited for, although no configuration names it that is in force.
    write(
      watched.config(
        `lists: {l: {recipients: {file: list.txt}}}\n` +
          'rules: [{when: {recipient: list:l}, then: reject, text: listed}]\n',
      ),
    );
    assert.match(await watched.says(failed), /list\.txt: there is no such file/);
    writeFileSync(watched.at('list.txt'), 'a@example.org\n');
    await watched.says(reloaded);
    assert.equal(await watched.told(), '550 5.7.1 listed');
    writeFileSync(watched.at('list.txt'), 'a@example.org\n[\n');
    assert.match(await watched.says(failed), /list\.txt:2:1/);
    assert.equal(await watched.told(), '550 5.7.1 listed');

    // Nobody watches any more, but the signal still works.
    write(watched.config(rejecting('four'), 'signal'));
    await watched.says(reloaded);
    write(watched.config(rejecting('five')));
    const count = greymilter.log.match(/since files have changed/g)?.length;
    greymilter.kill('SIGHUP');
    await watched.says(reloaded);
    assert.equal(await watched.told(), '550 5.7.1 five');
    assert.equal(count, 7);
    assert.equal(greymilter.log.match(new RegExp(failed, 'g'))?.length, 3);
  });

  test('follows symbolic links to what is put in their place, and databases', async (t) => {
    const cleanUp = inReverse(t);
    const watched = new Watched(cleanUp);
    // As Kubernetes mounts a ConfigMap.
    const put = (version: string, entry: string, country: string): void => {
      mkdirSync(watched.at(version));
      const below = (name: string): string => join(watched.at(version), name);
      writeFileSync(
        below('greymilter.yaml'),
        watched.config(`lists: {l: {recipients: {file: list.txt}}}
lookups: {geo: '${watched.at('geo.mmdb')}'}
rules:
  - {when: {recipient: list:l}, then: reject, text: listed}
  - {when: {geo: {countries: [NL]}}, then: reject, text: far away}
  - {then: accept}
`),
      );
      writeFileSync(below('list.txt'), `${entry}\n`);
      symlinkSync(version, watched.at('..data_tmp'));
      renameSync(watched.at('..data_tmp'), watched.at('..data'));
      writeFileSync(
        watched.at('geo.new'),
        writeMmdb({ '192.0.2.0/24': { country: { iso_code: country } } }),
      );
      renameSync(watched.at('geo.new'), watched.at('geo.mmdb'));
    };
    put('v1', 'a@example.org', 'DE');
    for (const name of ['greymilter.yaml', 'list.txt']) {
      symlinkSync(`..data/${name}`, watched.at(name));
    }
    const greymilter = await watched.start(cleanUp);
    assert.equal(await watched.told('a@example.org'), '550 5.7.1 listed');
    assert.equal(await watched.told('b@example.org'), 'continue');

    put('v2', 'b@example.org', 'NL');
    // One reload for all three.
    const why = await watched.says(/ reloading, since files have changed /);
    assert.match(why, /greymilter\.yaml \S+list\.txt \S+geo\.mmdb"$/);
    await watched.says(reloaded);
    assert.equal(await watched.told('b@example.org'), '550 5.7.1 listed');
    assert.equal(await watched.told('a@example.org'), '550 5.7.1 far away');

    rmSync(watched.at('v1'), { recursive: true });
    unlinkSync(watched.at('geo.mmdb'));
    assert.match(await watched.says(failed), /cannot read the GeoIP database/);
    put('v3', 'c@example.org', 'DE');
    await watched.says(reloaded);
    assert.equal(await watched.told('b@example.org'), 'continue');
    // Whoever looks at files has them open for a moment.
    const isOpen = (): boolean => openBelow(greymilter.pid, watched.directory).length > 0;
    await waitUntil(() => !isOpen(), 'nothing that was read is open');
    greymilter.kill('SIGTERM');
    assert.equal((await greymilter.ending).code, 0);
  });
});
