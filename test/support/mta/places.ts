import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeDirectory, type CleanUp } from '../temp-directory.js';
import { isRunning } from './owners.js';

/**
 * Where scripts/install-mtas unpacks Sendmail and where instances live: owned by root and not below
 * /tmp, because Sendmail refuses sockets, queues and maps under a world-writable directory.
 */
export const mtaBase = '/var/lib/greymilter-test';

/** Sendmail as Debian's package has it, unpacked. */
export const sendmailBinary = join(mtaBase, 'sendmail/usr/libexec/sendmail/sendmail');

/** The m4 sources of sendmail.cf, with a slash at the end, as its m4 files want it. */
export const sendmailCfDirectory = join(mtaBase, 'sendmail/usr/share/sendmail/cf/');

const eximRoot = join(mtaBase, 'exim');

/** Exim as Debian's package has it, unpacked by scripts/install-exim. */
export const eximBinary = join(eximRoot, 'usr/sbin/exim4');

/** Debian's configuration of Exim, in pieces, and the program that puts them together. */
export const eximPieces = join(eximRoot, 'etc/exim4');
export const eximAssembler = join(eximRoot, 'usr/sbin/update-exim4.conf');

/** Makes a fresh directory that only root may write to and everybody may enter. */
export function makeMtaDirectory(purpose: string): string {
  const parent = join(mtaBase, 'run');
  mkdirSync(parent, { recursive: true, mode: 0o755 });
  removeOrphans(parent);
  const path = mkdtempSync(join(parent, `${purpose}-${process.pid}-`));
  // Postfix's processes are not root.
  chmodSync(path, 0o755);
  return path;
}

/**
 * A fresh directory for the filter's Unix socket that both MTAs accept, removed when the test ends.
 * Postfix connects as user postfix: the socket itself needs mode 0666 or that user's group.
 */
export function createSocketDirectory(cleanUp: CleanUp): string {
  const path = makeMtaDirectory('socket');
  cleanUp.after(() => removeDirectory(path));
  return path;
}

/** What a killed test could not remove; each name tells whose it is. */
function removeOrphans(parent: string): void {
  for (const name of readdirSync(parent)) {
    const owner = Number(/-(\d+)-[^-]*$/.exec(name)?.[1] ?? 0);
    if (owner === 0 || !isRunning(owner))
      rmSync(join(parent, name), { recursive: true, force: true });
  }
}
