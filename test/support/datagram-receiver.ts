import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { CleanUp } from './temp-directory.js';

/** Node.js has no Unix datagram sockets, and Perl is everywhere. One line for each datagram. */
const program = String.raw`
use strict; use Socket;
$| = 1;
socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die $!;
bind($socket, sockaddr_un($ARGV[0])) or die $!;
chmod 0666, $ARGV[0];
print "open\n";
while (defined recv($socket, my $message, 65536, 0)) {
  $message =~ s/\n/\\n/g;
  print "$message\n" if length $message;
}`;

/** What has come to a Unix datagram socket. */
export interface DatagramReceiver {
  readonly received: readonly string[];
  /** Waits until something like it, behind `from`, has come; returns it. */
  until(pattern: RegExp, from?: number): Promise<string>;
  /** Stops receiving; whoever sends gets ECONNREFUSED. */
  close(): Promise<void>;
}

/** Receives what is sent to a path, as syslogd and systemd do. */
export async function receiveDatagrams(t: CleanUp, path: string): Promise<DatagramReceiver> {
  const child = spawn('perl', ['-e', program, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  let text = '';
  let wake = (): void => undefined;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    wake();
  });
  const received = (): readonly string[] => text.split('\n').slice(1, -1);
  const wait = async (isThere: () => boolean): Promise<void> => {
    const deadline = AbortSignal.timeout(60_000);
    while (!isThere()) {
      if (deadline.aborted) throw new Error(`not received in time; there is: ${text}`);
      const later = setTimeout(() => wake(), 100);
      await new Promise<void>((resolve) => (wake = resolve));
      clearTimeout(later);
    }
  };
  await wait(() => text.startsWith('open\n'));
  return {
    get received() {
      return received();
    },
    until: async (pattern, from = 0) => {
      const find = (): string | undefined =>
        received()
          .slice(from)
          .find((message) => pattern.test(message));
      await wait(() => find() !== undefined);
      return find() ?? '';
    },
    close: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
