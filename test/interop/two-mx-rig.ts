import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readHandbook } from '../guards/readme-text.js';
import { GreymilterProcess } from '../support/daemon-process.js';
import type { AsyncCleanUp } from '../support/dns-server.js';
import { mtaEnvironment, runCommand, runWithInput } from '../support/mta/commands.js';
import { makeMtaDirectory } from '../support/mta/places.js';
import { countListeners } from '../support/mta/ports.js';
import { startPostfix, type PostfixInstance } from '../support/mta/postfix.js';
import { createShiftedClock, type ShiftedClock } from '../support/shifted-clock.js';
import { TestNetwork, type NetworkHost } from '../support/test-network.js';
import { waitUntil } from '../support/wait-until.js';

/** A mail server of its own that has mail for us; it tries the first host, then the second. */
export interface SendingHost {
  submit(from: string, to: string): Promise<void>;
  /** Tries all that is in its queue at once. */
  retry(): Promise<void>;
  log(): string;
}

/** An MX host: a Postfix with a filter of its own beside it. */
export interface MxHost {
  /** The reasons of all decisions so far. */
  reasons(): readonly string[];
  log(): string;
  /** Waits until the filter has lost the store, and found it again. */
  knowsStoreAgain(): Promise<void>;
  stopMta(): Promise<void>;
}

/** The store's host. */
export interface StoreHost {
  readonly clock: ShiftedClock;
  /** Cuts all connections. Each daemon comes back, and asks what time it is. */
  letEverybodyReconnect(): Promise<void>;
  /** What redis-cli says there to somebody without a password. */
  askFrom(host: 'first' | 'stranger', command: readonly string[]): Promise<string>;
  askAsGreymilter(command: readonly string[]): Promise<string>;
}

/** All of them, on a network of their own. */
export interface TwoMxHosts {
  readonly sender: SendingHost;
  readonly first: MxHost;
  readonly second: MxHost;
  readonly store: StoreHost;
}

const passwords = { 'ADMIN-PASSWORD': 'for-the-admin', 'GREYMILTER-PASSWORD': 'for-greymilter' };
const PORT = 6379;

/** Starts everything as README.md has it, in other directories; it ends with the test. */
export async function startTwoMxHosts(cleanUp: AsyncCleanUp, program: string): Promise<TwoMxHosts> {
  const etc = makeMtaDirectory('two-mx');
  cleanUp.after(() => runCommand('rm', ['-rf', etc]).then(() => undefined));
  const network = await TestNetwork.start(cleanUp);
  const machines = {
    store: await network.addHost('203.0.113.30'),
    first: await network.addHost('203.0.113.21'),
    second: await network.addHost('203.0.113.22'),
    sender: await network.addHost('203.0.113.7'),
    stranger: await network.addHost('203.0.113.99'),
  };
  const store = await startStore(cleanUp, { etc, program, machines });
  const [first, second] = [
    await startMxHost(cleanUp, { etc, machine: machines.first }),
    await startMxHost(cleanUp, { etc, machine: machines.second }),
  ];
  const sender = await startSender(cleanUp, machines.sender, [first.mta, second.mta]);
  return { sender, first, second, store };
}

/** A block of README.md that has this word, with its paths and passwords as they are here. */
function block(info: string, etc: string, word = ''): string {
  const found = readHandbook().snippets.find(
    ({ info: kind, lines }) => kind === info && lines.join('\n').includes(word),
  );
  if (found === undefined) throw new Error(`README.md has no block "${info}"`);
  const text = `${found.lines.join('\n')}\n`.replaceAll('/etc/', `${etc}/`);
  return Object.entries(passwords).reduce((all, [name, own]) => all.replaceAll(name, own), text);
}

interface StoreStart {
  readonly etc: string;
  readonly program: string;
  readonly machines: Readonly<Record<'store' | 'first' | 'stranger', NetworkHost>>;
}

async function startStore(
  cleanUp: AsyncCleanUp,
  { etc, program, machines }: StoreStart,
): Promise<StoreHost> {
  const machine = machines.store;
  mkdirSync(join(etc, 'greymilter'));
  runWithInput('bash', ['-e'], block('sh certificates', etc));
  runWithInput('bash', ['-e'], block('sh store-password', etc).replace('-g greymilter', '-g root'));
  writeFileSync(join(etc, 'redis/users.acl'), block('text users.acl', etc));
  writeFileSync(join(etc, 'redis/redis.conf'), block('text redis.conf', etc));
  writeFileSync(join(etc, 'nftables.conf'), block('text nftables.conf', etc));
  await runCommand('cp', [join(etc, 'redis/tls/ca.crt'), join(etc, 'greymilter/ca.crt')]);
  await machine.run('nft', '-f', join(etc, 'nftables.conf'));
  const clock = createShiftedClock({ after: (remove) => cleanUp.after(remove) });
  const data = join(etc, 'data');
  mkdirSync(data);
  const [enter = '', ...options] = machine.enter;
  const server = spawn(
    enter,
    [...options, program, join(etc, 'redis/redis.conf'), '--dir', data, '--logfile', `${data}/log`],
    { stdio: 'ignore', env: { ...mtaEnvironment, ...clock.environment } },
  );
  cleanUp.after(() => endChild(server));
  await waitUntil(() => {
    if (server.exitCode !== null) throw new Error(readFileSync(`${data}/log`, 'utf8'));
    return countListeners(PORT, machine.proc) > 0;
  }, `${program} listens`);
  const ask = (host: NetworkHost, words: readonly string[]): Promise<string> => {
    const tls = ['-h', machine.address, '--tls', '--cacert', join(etc, 'greymilter/ca.crt')];
    // Whoever is not let in would wait for ever.
    const limitMs = host === machines.stranger ? 3_000 : undefined;
    return askServer([...host.enter, 'redis-cli', ...tls, ...words], limitMs);
  };
  const login = (user: string, password: string): readonly string[] => [
    '--no-auth-warning',
    '--user',
    user,
    '--pass',
    password,
  ];
  return {
    clock,
    letEverybodyReconnect: async () => {
      const admin = login('admin', passwords['ADMIN-PASSWORD']);
      await ask(machine, [...admin, 'CLIENT', 'KILL', 'TYPE', 'normal']);
    },
    askFrom: (host, command) => ask(machines[host], command),
    askAsGreymilter: (command) =>
      ask(machine, [...login('greymilter', passwords['GREYMILTER-PASSWORD']), ...command]),
  };
}

async function askServer(
  [program = '', ...options]: readonly string[],
  timeout = 60_000,
): Promise<string> {
  return await new Promise((resolve) => {
    execFile(program, options, { env: mtaEnvironment, timeout }, (error, stdout, stderr) => {
      const said = `${stdout}${stderr}`.trim();
      resolve(said === '' && error !== null ? 'not connected' : said);
    });
  });
}

async function startMxHost(
  cleanUp: AsyncCleanUp,
  { etc, machine }: { readonly etc: string; readonly machine: NetworkHost },
): Promise<MxHost & { readonly mta: PostfixInstance }> {
  const file = join(etc, 'greymilter', `${machine.address}.yaml`);
  const store = block('yaml config', etc, 'rediss://');
  writeFileSync(file, `listen: {milter: 'inet:10033@127.0.0.1'}\n${store}`);
  const filter = new GreymilterProcess(['serve', '--config', file], { machine });
  cleanUp.after(async () => {
    filter.kill('SIGKILL');
    await filter.ending.catch(() => undefined);
  });
  await filter.ready();
  const mta = await startPostfix({ milter: 'inet:127.0.0.1:10033', machine });
  cleanUp.after(() => mta.stop());
  return {
    mta,
    reasons: () => Array.from(filter.log.matchAll(/ reason=(\S+)/g), ([, reason = '']) => reason),
    log: () => filter.log,
    knowsStoreAgain: async () => {
      await filter.logged(/a server of the store is back/);
    },
    stopMta: () => mta.stop(),
  };
}

async function startSender(
  cleanUp: AsyncCleanUp,
  machine: NetworkHost,
  hosts: readonly PostfixInstance[],
): Promise<SendingHost> {
  const mta = await startPostfix({
    milter: '',
    machine,
    extraMainCf: {
      // It would take a host with its own name for itself.
      myhostname: 'mail.client.example',
      mydestination: '',
      relayhost: hosts.map(({ host, port }) => `[${host}]:${port}`).join(' '),
      default_transport: 'smtp',
      relay_transport: 'smtp',
      smtpd_data_restrictions: '',
    },
  });
  cleanUp.after(() => mta.stop());
  const etc = join(mta.directory, 'etc');
  return {
    submit: async (from, to) => {
      const [command = '', ...words] = machine.enter;
      words.push('sendmail', '-C', etc, '-f', from, to);
      runWithInput(command, words, 'Subject: test\n\nHello.\n');
      await Promise.resolve();
    },
    retry: async () => {
      await machine.run('postqueue', '-c', etc, '-f');
    },
    log: () => readFileSync(join(mta.directory, 'log'), 'utf8'),
  };
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
