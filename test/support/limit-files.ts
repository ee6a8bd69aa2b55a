import { execFileSync } from 'node:child_process';

/** Forbids a process, ours by default, to lengthen any file, or allows it again; pipes may grow. */
export function limitFiles(on: boolean, pid: number = process.pid): void {
  const limit = on ? '0:unlimited' : 'unlimited:unlimited';
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${limit}`]);
}
