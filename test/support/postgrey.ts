import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { PolicyClient } from '../../src/protocols/postfix-policy/index.js';
import { lastFirst } from './clean-ups.js';
import { isListening } from './is-listening.js';
import { createTempDirectory } from './temp-directory.js';
import { waitUntil } from './wait-until.js';

const environment = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };

/** More than it takes to close its database. */
const PATIENCE_MS = 10_000;

/** For the `skip` option of a test or suite; in CI nothing is skipped. */
export function skipWithoutPostgrey(): string | false {
  const isThere = ['postgrey', 'db_dump'].every(
    (program) => spawnSync(program, ['-V'], { env: environment }).error === undefined,
  );
  if (isThere || process.env['CI'] === 'true') return false;
  return 'Postgrey cannot run here; scripts/install-postgrey installs it';
}

/** A Postgrey of Debian's on a socket and with a database of its own. */
export class Postgrey {
  /** Its `--dbdir`. */
  readonly database: string;
  readonly #child: ChildProcess;
  readonly #ending: Promise<void>;
  /** Where it listens; everybody may connect. */
  readonly socket: string;

  private constructor(directory: string, options: readonly string[]) {
    this.database = join(directory, 'postgrey');
    this.socket = join(directory, 'postgrey.sock');
    mkdirSync(this.database, { recursive: true });
    chmodSync(this.database, 0o700);
    const { username } = userInfo();
    const group = spawnSync('id', ['-gn'], { encoding: 'utf8' }).stdout.trim();
    const args = [
      ...[`--unix=${this.socket}`, `--dbdir=${this.database}`],
      ...[`--user=${username}`, `--group=${group}`, '--hostname=mx.example.net', '--quiet'],
    ];
    this.#child = spawn('postgrey', [...args, ...options], { stdio: 'ignore', env: environment });
    this.#ending = new Promise((resolve) => this.#child.once('close', () => resolve()));
  }

  /**
   * Starts it; it is killed with the test.
   *
   * @param directory where its socket and database are; one for us alone without it
   */
  static async start(
    t: { after(stop: () => void | Promise<void>): void },
    options: readonly string[] = [],
    directory?: string,
  ): Promise<Postgrey> {
    const cleanUps = lastFirst(t);
    const postgrey = new Postgrey(directory ?? createTempDirectory(cleanUps), options);
    cleanUps.after(() => postgrey.end('SIGKILL'));
    await postgrey.#listens();
    return postgrey;
  }

  /** Asks what is to become of mails; `at` is the time that it takes for now, epoch seconds. */
  async ask(
    mails: readonly { client: string; from: string; to: string; at: number }[],
  ): Promise<readonly string[]> {
    const client = await PolicyClient.connect({ path: this.socket });
    const told: string[] = [];
    for (const [index, { client: address, from, to, at }] of mails.entries()) {
      const action = await client.ask([
        ['request', 'smtpd_access_policy'],
        ['protocol_state', 'RCPT'],
        ['protocol_name', 'ESMTP'],
        ['client_address', address],
        ['client_name', 'unknown'],
        ['helo_name', 'mail.example.com'],
        ['sender', from],
        ['recipient', to],
        ['instance', `test.${index}`],
        ['policy_test_time', String(at)],
      ]);
      told.push(action.split(' ')[0] ?? '');
    }
    await client.close();
    return told;
  }

  /** The socket is there a moment before anybody may connect. */
  async #listens(): Promise<void> {
    await waitUntil(() => existsSync(this.socket), 'Postgrey has a socket');
    await waitUntil(() => isListening({ path: this.socket }), 'Postgrey listens');
  }

  /** Ends it, in whatever way. */
  async end(signal: NodeJS.Signals): Promise<void> {
    this.#child.kill(signal);
    // Perl hears of one that comes just before it begins to wait with the next one.
    const again = setInterval(() => this.#child.kill(signal), PATIENCE_MS);
    await this.#ending;
    clearInterval(again);
  }
}
