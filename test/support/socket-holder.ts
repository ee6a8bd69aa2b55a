import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { askNobody, withoutAdmin } from './daemon-process.js';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const tsx = import.meta.resolve('tsx');

/**
 * What systemd does for a socket unit: it opens the sockets, keeps them, and for each line on its
 * standard input runs the command once with descriptors from 3 on. In Perl, because Node.js can
 * neither listen without accepting nor hand a listening socket to another program.
 */
const program = String.raw`
use strict; use Socket;
$^F = 100; $| = 1;
my (@sockets, @names);
while (defined(my $where = shift)) {
  last if $where eq '--';
  my ($name, $kind, $place) = split /=|:/, $where, 3;
  my $socket;
  if ($kind eq 'file') {
    open($socket, '<', $place) or die $!;
  } else {
    my $isUnix = $kind eq 'unix';
    socket($socket, $isUnix ? AF_UNIX : AF_INET, SOCK_STREAM, 0) or die $!;
    bind($socket, $isUnix ? sockaddr_un($place) : sockaddr_in($place, INADDR_LOOPBACK)) or die $!;
    listen($socket, 128) or die $!;
  }
  die 'a descriptor is in the way' unless fileno($socket) == 3 + @sockets;
  push @sockets, $socket; push @names, $name;
  print 'port ', (sockaddr_in(getsockname $socket))[0], "\n" if $kind eq 'inet';
}
print "open\n";
while (<STDIN>) {
  my $pid = fork;
  if ($pid == 0) {
    $ENV{LISTEN_PID} = $$; $ENV{LISTEN_FDS} = @sockets; $ENV{LISTEN_FDNAMES} = join ':', @names;
    exec @ARGV or die $!;
  }
  print "started $pid\n";
  waitpid $pid, 0;
  print "ended ", $? & 127 ? 128 + ($? & 127) : $? >> 8, "\n";
}`;

/** Holds listening sockets that a daemon is started with, as often as a test likes. */
export class SocketHolder {
  readonly #child: ChildProcess;
  #said = '';
  #log = '';
  #wake: () => void = () => undefined;
  #pid: number | undefined;

  /**
   * @param sockets `NAME=unix:PATH`, `NAME=inet:0` for a free port of 127.0.0.1, `NAME=file:PATH`
   * @param args what `greymilter serve` takes
   * @param nodeOptions those of Node.js
   */
  constructor(
    sockets: readonly string[],
    args: readonly string[],
    nodeOptions: readonly string[] = [],
  ) {
    const serve = ['serve', ...askNobody, ...args];
    serve.push(...withoutAdmin(serve));
    const command = [process.execPath, '--import', tsx, ...nodeOptions, main, ...serve];
    this.#child = spawn('perl', ['-e', program, ...sockets, '--', ...command]);
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#said += chunk.toString();
      this.#wake();
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#log += chunk.toString();
      this.#wake();
    });
  }

  /** What the daemons have written to standard error. */
  get log(): string {
    return this.#log;
  }

  /** Waits until the sockets are open; returns the ports of those that have one. */
  async open(): Promise<readonly number[]> {
    await this.#until(() => /^open$/m.test(this.#said));
    return [...this.#said.matchAll(/^port (\d+)$/gm)].map(([, port]) => Number(port));
  }

  /** Starts the daemon, without waiting for it. */
  async start(): Promise<void> {
    await this.open();
    const from = this.#said.length;
    this.#child.stdin?.write('start\n');
    await this.#until(() => /^started \d+$/m.test(this.#said.slice(from)));
    this.#pid = Number(/^started (\d+)$/m.exec(this.#said.slice(from))?.[1]);
  }

  /** Waits until the log, behind `from`, has what is looked for. */
  async logged(pattern: RegExp, from = 0): Promise<void> {
    await this.#until(() => pattern.test(this.#log.slice(from)));
  }

  kill(signal: NodeJS.Signals): void {
    if (this.#pid !== undefined) process.kill(this.#pid, signal);
  }

  /** Waits until the daemon has ended; returns its exit code. */
  async ended(): Promise<number> {
    const pid = String(this.#pid);
    const pattern = new RegExp(`^started ${pid}\nended (\\d+)$`, 'm');
    await this.#until(() => pattern.test(this.#said));
    this.#pid = undefined;
    return Number(pattern.exec(this.#said)?.[1]);
  }

  /** Ends everything. */
  async dispose(): Promise<void> {
    this.kill('SIGKILL');
    this.#child.kill('SIGKILL');
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      await once(this.#child, 'close');
    }
  }

  async #until(isThere: () => boolean): Promise<void> {
    const deadline = AbortSignal.timeout(120_000);
    while (!isThere()) {
      if (deadline.aborted) throw new Error(`not in time; it said: ${this.#said}${this.#log}`);
      const later = setTimeout(() => this.#wake(), 100);
      await new Promise<void>((resolve) => (this.#wake = resolve));
      clearTimeout(later);
    }
  }
}
