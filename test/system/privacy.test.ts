import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { runCommandLine } from '../../src/cli/command-line.js';
import { correspondenceKey } from '../../src/greylist/correspondence-key.js';
import { openLevelStore } from '../../src/store/level-store.js';
import { parseIpAddress } from '../../src/mail/ip-address.js';
import { startGreymilter, type GreymilterProcess } from '../support/daemon-process.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { waitUntil } from '../support/wait-until.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { openSession, sendMail } from './smtp-session.js';

/** What may stand in no line while it is hidden: mailboxes, a login, and all that names the client. */
const secrets = [
  'sally-secret',
  'rudi-secret',
  'login-secret',
  '203.0.113.77',
  'host77',
  'helo77',
] as const;

const from = 'Sally-Secret@sender.example';
const to = ['rudi-secret@local.example'];

/** A daemon in a process of its own, whose configuration a test rewrites. */
class Site {
  readonly directory: string;
  readonly log: string;
  readonly activity: string;
  readonly admin: string;
  readonly #config: string;
  readonly #t: TestContext;
  #greymilter: GreymilterProcess | undefined;

  constructor(t: TestContext) {
    this.#t = t;
    this.directory = createTempDirectory(t);
    const at = (name: string): string => join(this.directory, name);
    [this.log, this.activity, this.admin, this.#config] = [
      at('log'),
      at('activity'),
      at('admin.sock'),
      at('greymilter.yaml'),
    ];
  }

  get daemon(): GreymilterProcess {
    assert.ok(this.#greymilter);
    return this.#greymilter;
  }

  get store(): string {
    return join(this.directory, 'db');
  }

  /** @param key undefined: nothing is hidden */
  configure(key: string | undefined, more = ''): void {
    const privacy =
      key === undefined
        ? 'off'
        : `{key-file: ${this.keyFile(key)}, hide: [sender, recipient, client]}`;
    writeFileSync(
      this.#config,
      `listen: {milter: 'unix:${this.directory}/milter.sock', admin: 'unix:${this.admin}'}
store: {url: 'level:${this.store}'}
trusted: []
local-domains: [local.example]
greylist: {providers: greylist, delay: 60s, identity: []}
lookups: {resolvers: ['127.0.0.1:9']}
log: {to: 'file:${this.log}', expired: true, privacy: ${privacy}${more}}
activity: {to: 'append:${this.activity}', format: "{sender} {recipient} {client-address} {helo} {macro:i} {reply}{macro:auth_authen}\\n"}
rules:
  - {then: continue, log-text: '{client-address} {client-name} says {helo} for {sender} to {recipient}'}
  - {when: {recipient: 'forget@local.example'}, then: continue, forget: client}
`,
    );
  }

  keyFile(name: string): string {
    const path = join(this.directory, name);
    if (!existsSync(path)) writeFileSync(path, randomBytes(32), { mode: 0o600 });
    return path;
  }

  async start(): Promise<void> {
    const args = ['--config', this.#config, '--set', `listen.admin=unix:${this.admin}`];
    this.#greymilter = startGreymilter(this.#t, args, { logFile: this.log });
    await this.#greymilter.ready();
  }

  async reload(): Promise<void> {
    const { code, errors } = await this.run('reload');
    assert.deepEqual([code, errors], [0, '']);
  }

  async run(...args: readonly string[]): Promise<RecordingOutput & { code: number }> {
    const output = new RecordingOutput();
    const code = await runCommandLine([...args, '--config', this.#config], output);
    return Object.assign(output, { code });
  }

  /** A mail to us, or one for which the client is forgotten, and one of a login to others. */
  async sendAll(recipients = to): Promise<void> {
    const peer = await this.daemon.connect(`unix:${join(this.directory, 'milter.sock')}`);
    const client = { address: '203.0.113.77', name: 'host77.client.example' };
    await openSession(peer, { ...client, helo: 'helo77.client.example' });
    await sendMail(peer, { from, to: recipients });
    const macros = { '{auth_authen}': 'login-secret', i: '4XYZ' };
    await sendMail(peer, { from: 'rudi-secret@local.example', to: [from], macros });
    await peer.quit();
  }

  /** Steers the filter by all commands that leave a line. */
  async steer(): Promise<void> {
    const before = linesIn(this.activity);
    await this.sendAll();
    const client = '203.0.113.77';
    for (const args of [
      ['pass', '--from', from, '--yes'],
      ['autowhite', 'add', client, '--from', from],
      ['autowhite', 'remove', client, '--from', from],
      ['forget', '--from', from, '--yes'],
    ]) {
      const { code, errors } = await this.run(...args);
      assert.equal(code, 0, errors);
    }
    await this.sendAll(['forget@local.example']);
    // They go into a file of their own, which knows nothing of the log.
    await waitUntil(() => linesIn(this.activity) === before + 4, 'all four mails are recorded');
  }
}

/** What is written from now on, into both files. */
function tail(site: Site): () => string {
  const files = [site.log, site.activity].map((path) => ({ path, from: sizeOf(path) }));
  return () => files.map(({ path, from: at }) => readIfThere(path).slice(at)).join('\n');
}

const readIfThere = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');
const sizeOf = (path: string): number => readIfThere(path).length;
const linesIn = (path: string): number => readIfThere(path).split('\n').length - 1;

/** The secrets that stand in a text. */
function found(text: string): readonly string[] {
  const lower = text.toLowerCase();
  return secrets.filter((secret) => lower.includes(secret));
}

/** The pseudonym of the sender in each decision about mail to us. */
function pseudonymsOf(text: string): readonly string[] {
  const lines = text.matchAll(/ from=<(~[\w-]+)@sender\.example> to=<~[\w-]+@local\.example>/g);
  return [...new Set([...lines].map(([, name = '']) => name))];
}

describe('log.privacy', () => {
  test('hides everybody in every line, through reloads that switch it and change the key', async (t) => {
    const site = new Site(t);
    site.configure('first.key');
    await site.start();
    const hidden = tail(site);
    await site.steer();
    await waitUntil(() => hidden().includes('client forgotten'), 'a client is forgotten');
    assert.deepEqual(found(hidden()), []);
    for (const line of [
      'says',
      'client forgotten',
      'waiting mail let through',
      'exception added',
    ]) {
      assert.match(hidden(), new RegExp(line));
    }
    assert.match(hidden(), /^~\S+@sender\.example ~\S+@local\.example ~\S+ ~\S+ *$/m);
    const [first] = pseudonymsOf(hidden());
    assert.equal(pseudonymsOf(hidden()).length, 1);

    site.configure('second.key');
    await site.reload();
    const other = tail(site);
    await site.steer();
    await waitUntil(() => other().includes('client forgotten'), 'another one');
    assert.deepEqual(found(other()), []);
    assert.equal(pseudonymsOf(other()).length, 1);
    assert.notEqual(pseudonymsOf(other())[0], first);

    site.configure(undefined);
    await site.reload();
    const shown = tail(site);
    await site.steer();
    await waitUntil(() => shown().includes('client forgotten'), 'one in clear');
    assert.deepEqual(found(shown()), secrets);

    for (const more of [', format: json', ', style: postgrey', ', style: milter-greylist']) {
      site.configure('first.key', more);
      await site.reload();
      const styled = tail(site);
      await site.sendAll();
      await waitUntil(() => styled().includes('~'), more);
      assert.deepEqual(found(styled()), [], more);
    }
    // A key that cannot be had leaves the one before, and nothing is shown meanwhile.
    site.configure('first.key');
    writeFileSync(site.keyFile('first.key'), 'short');
    const { code, errors } = await site.run('reload');
    assert.notEqual(code, 0);
    assert.match(errors, /has fewer than 32 bytes/);
    const kept = tail(site);
    await site.sendAll();
    assert.deepEqual(found(kept()), []);
  });

  test('hides nobody from whoever looks into the store', async (t) => {
    const site = new Site(t);
    site.configure('key');
    await site.start();
    await site.sendAll();
    for (const args of [
      ['list', '--json'],
      ['list', '--kind', 'triplet', '--json'],
    ]) {
      const { printed } = await site.run(...args);
      assert.ok(found(printed).includes('rudi-secret'), args.join(' '));
    }
    const statistics = await site.run('status', '--json');
    assert.deepEqual(found(statistics.printed), []);
  });

  test('hides whose record cannot be read', async (t) => {
    const site = new Site(t);
    const address = parseIpAddress('203.0.113.77');
    assert.ok(address);
    const key = correspondenceKey({
      ...{ sender: from.toLowerCase(), recipient: to[0] ?? '', client: address },
      network: { ipv4: 24, ipv6: 64 },
    });
    const store = await openLevelStore({
      ...{ path: site.store, durability: 'process', clock: { now: () => Date.now() } },
    });
    const value = Buffer.from([0x00, 0xff]);
    await store.compareAndSet(key, undefined, { value, expiresAt: Date.now() + 3_600_000 });
    await store.close();
    site.configure('key');
    await site.start();
    await site.sendAll();
    await site.daemon.logged(/record cannot be read .*key=~/);
    assert.deepEqual(found(site.daemon.log), []);
  });
});
