import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What systemd-notify does, for machines without it. */
const standIn = String.raw`#!/usr/bin/perl
use strict; use Socket;
socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die $!;
send($socket, join("\n", @ARGV), 0, sockaddr_un($ENV{NOTIFY_SOCKET})) or die $!;
`;

/** The machine's systemd-notify, or one of our own in this directory. */
export function findNotifyProgram(directory: string): string {
  const name = 'systemd-notify';
  if (spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0) return name;
  const path = join(directory, name);
  writeFileSync(path, standIn);
  chmodSync(path, 0o755);
  return path;
}
