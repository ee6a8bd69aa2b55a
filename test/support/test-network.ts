import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { AsyncCleanUp } from './dns-server.js';
import { mtaEnvironment, runCommand } from './mta/commands.js';

/**
 * A machine on a network of the test's own: a network namespace with a loopback interface and one
 * address. It lasts as long as the test that made it, however that ends.
 */
export interface NetworkHost {
  /** Its address on the test's network, as `203.0.113.21`. */
  readonly address: string;
  /** Stands before a command that is to run on that machine. */
  readonly enter: readonly string[];
  /** Where the kernel tells about its sockets: `/proc/4711/net`. */
  readonly proc: string;
  /** Runs a command there and resolves to what it printed. */
  run(command: string, ...options: readonly string[]): Promise<string>;
  /** Pulls the cable: what is sent from and to the machine is lost, and nobody is told. */
  cut(): Promise<void>;
  /** Plugs it in again. */
  join(): Promise<void>;
}

/** For the `skip` option of a test or suite; in CI nothing is skipped. */
export function skipWithoutNamespaces(): string | false {
  if (process.env['CI'] === 'true') return false;
  const { error, status, stderr } = spawnSync('unshare', ['--net', 'ip', 'link', 'show'], {
    env: mtaEnvironment,
    encoding: 'utf8',
  });
  if (error === undefined && status === 0) return false;
  return `no network namespace can be made here: ${error?.message ?? stderr.trim()}`;
}

/** Several machines on one switch; no packet gets out of it, or into it. */
export class TestNetwork {
  readonly #cleanUp: AsyncCleanUp;
  readonly #switch: Namespace;
  #hosts = 0;

  private constructor(cleanUp: AsyncCleanUp, middle: Namespace) {
    this.#cleanUp = cleanUp;
    this.#switch = middle;
  }

  /** Puts up the switch. */
  static async start(cleanUp: AsyncCleanUp): Promise<TestNetwork> {
    const middle = await openNamespace(cleanUp);
    await middle.run('ip', 'link', 'add', 'switch', 'type', 'bridge');
    await middle.run('ip', 'link', 'set', 'switch', 'up');
    return new TestNetwork(cleanUp, middle);
  }

  /** Adds a machine; all addresses are of one IPv4 /24. */
  async addHost(address: string): Promise<NetworkHost> {
    const host = await openNamespace(this.#cleanUp);
    const port = `port${this.#hosts++}`;
    const cable = ['type', 'veth', 'peer', 'name', 'cable', 'netns', String(host.pid)];
    await this.#switch.run('ip', 'link', 'add', port, ...cable);
    await this.#switch.run('ip', 'link', 'set', port, 'master', 'switch', 'up');
    await host.run('ip', 'addr', 'add', `${address}/24`, 'dev', 'cable');
    await host.run('ip', 'link', 'set', 'cable', 'up');
    const set = async (...words: readonly string[]): Promise<void> => {
      await this.#switch.run('ip', 'link', 'set', port, ...words);
    };
    return {
      address,
      enter: host.enter,
      proc: `/proc/${host.pid}/net`,
      run: host.run,
      // Not `down`: the machine would see that its cable is dead.
      cut: () => set('nomaster'),
      join: () => set('master', 'switch'),
    };
  }
}

interface Namespace extends Pick<NetworkHost, 'enter' | 'run'> {
  readonly pid: number;
}

/** A process that does nothing keeps it open, until its standard input ends: with this process. */
async function openNamespace(cleanUp: AsyncCleanUp): Promise<Namespace> {
  const script = 'ip link set lo up && echo open && read -r _';
  const holder = spawn('unshare', ['--net', 'sh', '-c', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: mtaEnvironment,
  });
  cleanUp.after(() => endHolder(holder));
  const said = await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')]);
  const pid = holder.pid;
  if (pid === undefined || !(said[0] instanceof Buffer))
    throw new Error(
      'no network namespace can be made here; it takes root and the package iproute2',
    );
  const enter = ['nsenter', `--net=/proc/${pid}/ns/net`];
  const [nsenter = '', ...first] = enter;
  return {
    pid,
    enter,
    run: (command, ...options) => runCommand(nsenter, [...first, command, ...options]),
  };
}

async function endHolder(holder: ChildProcess): Promise<void> {
  if (holder.exitCode !== null || holder.signalCode !== null) return;
  const exit = once(holder, 'exit');
  holder.stdin?.end();
  await exit;
}
