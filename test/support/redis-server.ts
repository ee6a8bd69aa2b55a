import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { lastFirst } from './clean-ups.js';
import type { AsyncCleanUp } from './dns-server.js';
import { freePort } from './free-port.js';
import { createTempDirectory } from './temp-directory.js';
import type { NetworkHost } from './test-network.js';

const run = promisify(execFile);

/** Much, for a machine on which everything runs at once. */
const LIMIT_MS = 60_000;
const POLL_MS = 20;

/** For the `skip` option of a test or suite; in CI nothing is skipped. */
export function skipWithoutRedis(): string | false {
  const missing = ['redis-server', 'redis-sentinel', 'redis-cli'].filter(
    (program) => spawnSync(program, ['--version']).error !== undefined,
  );
  if (missing.length === 0 || process.env['CI'] === 'true') return false;
  return `there is no ${missing.join(', no ')} here; scripts/install-redis installs it`;
}

/** Files in PEM for TLS, of one authority: a server's certificate and a client's. */
export interface RedisCertificates {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** One that is for clients, and which the server demands. */
  readonly clientCertFile: string;
  readonly clientKeyFile: string;
}

/** How a server is started. */
export interface RedisServerOptions {
  /** Directives of redis.conf that are added to, or replace, those of every test server. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  /** Demanded of everybody, as `default` user. */
  readonly password?: string | undefined;
  /** Only TLS is spoken then, and clients must show a certificate. */
  readonly certificates?: RedisCertificates | undefined;
  /** A free one without. */
  readonly port?: number | undefined;
  /** `redis-server` without; `valkey-server` where there is one. */
  readonly program?: string | undefined;
  /** The machine that it runs on, and whose address it listens on as well, in place of this one. */
  readonly machine?: NetworkHost | undefined;
  /** Further variables of its environment. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** A real server on 127.0.0.1 with a directory of its own; nothing is written to disk by default. */
export class RedisServer {
  readonly port: number;
  readonly directory: string;
  readonly #options: RedisServerOptions;
  #child: ChildProcess | undefined;
  #isHanging = false;

  private constructor(port: number, directory: string, options: RedisServerOptions) {
    this.port = port;
    this.directory = directory;
    this.#options = options;
  }

  /** Starts one; it ends with the test. */
  static async start(t: AsyncCleanUp, options: RedisServerOptions = {}): Promise<RedisServer> {
    // It may write until it has ended, so its directory goes behind it.
    const cleanUps = lastFirst(t);
    const directory = createTempDirectory(cleanUps);
    const server = new RedisServer(options.port ?? (await freePort()), directory, options);
    cleanUps.after(() => server.kill());
    await server.restart();
    return server;
  }

  /** One that was started by somebody else, to be asked. */
  static at(port: number, directory: string, password?: string): RedisServer {
    return new RedisServer(port, directory, { password });
  }

  /** `127.0.0.1:6379` */
  get address(): string {
    return `${this.#options.machine?.address ?? '127.0.0.1'}:${this.port}`;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Whether it can be asked something. */
  get isAnswering(): boolean {
    return this.isRunning && !this.#isHanging;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && !hasEnded(this.#child);
  }

  /** Starts it again at the same port and in the same directory, and waits until it answers. */
  async restart(): Promise<void> {
    await this.kill();
    const { program = 'redis-server', environment = {} } = this.#options;
    const [first = '', ...more] = [...this.#enter, program, ...this.#arguments()];
    const child = spawn(first, more, { stdio: 'ignore', env: { ...process.env, ...environment } });
    this.#child = child;
    let failed: Error | undefined;
    child.once('error', (error) => (failed = error));
    const deadline = performance.now() + LIMIT_MS;
    while (!(await this.#answers())) {
      if (failed !== undefined || hasEnded(child) || performance.now() > deadline)
        throw new Error(`${program} does not start: ${this.log()}`, { cause: failed });
      await sleep(POLL_MS);
    }
  }

  /** Ends it at once, as a power cut does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks it to end; what it keeps on disk is written out then. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** It keeps its connections and takes new ones, but says nothing any more. */
  hang(): void {
    this.#isHanging = true;
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#isHanging = false;
    this.#child?.kill('SIGCONT');
  }

  /** What redis-cli prints for a command; rejects with an error reply. */
  async command(...words: readonly string[]): Promise<string> {
    const [program = '', ...options] = [...this.#enter, 'redis-cli', ...this.#cliOptions()];
    const { stdout } = await run(program, [...options, '-e', ...words], {
      maxBuffer: 2 ** 28,
    });
    return stdout.trimEnd();
  }

  /** How often each command was called since the last {@link resetCounts}: `{ get: 2, 'script|load': 1 }`. */
  async counts(): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = {};
    const text = await this.command('INFO', 'commandstats');
    for (const [, name = '', calls] of text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm))
      if (!['info', 'config|resetstat'].includes(name)) counts[name] = Number(calls);
    return counts;
  }

  async resetCounts(): Promise<void> {
    await this.command('CONFIG', 'RESETSTAT');
  }

  /** What it has logged so far. */
  log(): string {
    try {
      return readFileSync(join(this.directory, 'log'), 'utf8');
    } catch (error) {
      return `no log (${String(error)})`;
    }
  }

  async #answers(): Promise<boolean> {
    try {
      return /PONG/.test(await this.command('PING'));
    } catch {
      // Not up yet: asked again by the caller, up to its limit.
      return false;
    }
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || hasEnded(child)) return;
    const exit = once(child, 'exit');
    this.resume();
    child.kill(signal);
    await exit;
  }

  get #enter(): readonly string[] {
    return this.#options.machine?.enter ?? [];
  }

  #arguments(): readonly string[] {
    const { password, certificates, machine } = this.#options;
    const settings: Record<string, string> = {
      bind: machine === undefined ? '127.0.0.1' : `127.0.0.1 ${machine.address}`,
      dir: this.directory,
      logfile: join(this.directory, 'log'),
      save: '',
      appendonly: 'no',
      'enable-debug-command': 'yes',
      ...(certificates === undefined
        ? { port: String(this.port) }
        : { port: '0', 'tls-port': String(this.port), ...tlsSettings(certificates) }),
      ...(password === undefined ? {} : { requirepass: password }),
      ...this.#options.settings,
    };
    return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  }

  #cliOptions(): readonly string[] {
    const { password, certificates } = this.#options;
    return [
      ...['-h', '127.0.0.1', '-p', String(this.port)],
      ...(password === undefined ? [] : ['--no-auth-warning', '-a', password]),
      ...(certificates === undefined
        ? []
        : [
            ...['--tls', '--cacert', certificates.caFile],
            ...['--cert', certificates.clientCertFile, '--key', certificates.clientKeyFile],
          ]),
    ];
  }
}

function tlsSettings(certificates: RedisCertificates): Readonly<Record<string, string>> {
  return {
    'tls-ca-cert-file': certificates.caFile,
    'tls-cert-file': certificates.certFile,
    'tls-key-file': certificates.keyFile,
    'tls-auth-clients': 'yes',
    'tls-replication': 'yes',
    'tls-cluster': 'yes',
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
