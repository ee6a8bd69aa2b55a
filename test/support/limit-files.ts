import { execFileSync } from 'node:child_process';

/** Forbids a process, ours by default, to lengthen any file, or allows it again; pipes may grow. */
export function limitFiles(on: boolean, pid: number = process.pid): void {
  limitFileSize(on ? 0 : 'unlimited', pid);
}

/** Forbids a process, ours by default, to write beyond so many bytes of any file. */
export function limitFileSize(bytes: number | 'unlimited', pid: number = process.pid): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
}
