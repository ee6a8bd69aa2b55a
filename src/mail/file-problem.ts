/** What is done with a file. */
export type FileUse = 'read' | 'write';

type Words = Readonly<Record<FileUse, string>>;

const above = 'and at those of the directories above it';
const forbidden: Words = {
  read: `this user may not read it: look at its owner and mode, ${above}`,
  write: `this user may not write it: look at its owner and mode, ${above}`,
};
const missing: Words = {
  read: 'there is no such file',
  write: 'its directory is not there: make it, or write elsewhere',
};
const special: Words = {
  read: 'it is a socket or a device, and no file',
  write: 'it is a pipe that nobody reads, or a socket',
};
const full: Words = {
  read: 'there is no room for a copy of it: make some among the temporary files',
  write: 'the disk is full: make room, or write elsewhere',
};

/** What the codes of Linux mean to whoever has named the file, and what to do about it. */
const wordsOf: ReadonlyMap<string, Words> = new Map([
  ['EACCES', forbidden],
  ['EPERM', forbidden],
  ['ENOENT', missing],
  ['ENOTDIR', missing],
  ['EISDIR', both('it is a directory: name a file')],
  ['ENXIO', special],
  ['ELOOP', both('its symbolic links lead in a circle')],
  ['ENAMETOOLONG', both('its name is too long')],
  ['EMFILE', both('this process has too many files open: raise its limit (ulimit -n)')],
  ['ENFILE', both('the system has too many files open')],
  ['EIO', both('the device has failed: look into the log of the kernel (dmesg)')],
  ['ENOSPC', full],
  ['EDQUOT', both('the quota is used up: make room, or write elsewhere')],
  ['EROFS', both('the file system is mounted for reading only: write elsewhere')],
  ['EFBIG', both('it would be larger than a file may be here (ulimit -f)')],
]);

function both(words: string): Words {
  return { read: words, write: words };
}

/**
 * Why a file cannot be used, and what to do: words that stand behind its path and a colon. Node.js's
 * own have the code in front, and behind a call and a path, which may be of a file that the user has
 * never heard of.
 */
export function fileProblem(error: unknown, use: FileUse): string {
  return wordsOf.get(codeOf(error) ?? '')?.[use] ?? systemWords(error);
}

/** Whether the system has refused a file, a socket or a port to this user. */
export function isForbidden(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes(codeOf(error) ?? '');
}

/** The message of an error; of one that the system has reported, its words alone. */
export function systemWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message } = error;
  const prefix = `${codeOf(error) ?? ''}: `;
  if (!('syscall' in error) || !message.startsWith(prefix)) return message;
  const end = message.indexOf(`, ${String(error.syscall)}`);
  return message.slice(prefix.length, end === -1 ? undefined : end);
}

/** The code of an error of ours, of Node.js or of a library. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
