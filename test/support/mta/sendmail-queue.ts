import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { QueuedMail } from './instance.js';

/** Reads all mail of a queue directory: a `qf` file with envelope and headers, a `df` with the body. */
export async function readSendmailQueue(queue: string): Promise<readonly QueuedMail[]> {
  const names = (await readdir(queue)).filter((name) => name.startsWith('qf'));
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(queue, name);
      return {
        id: name.slice(2),
        at: (await stat(path)).mtimeMs,
        text: await readFile(path, 'utf8'),
      };
    }),
  );
  files.sort((a, b) => a.at - b.at || a.id.localeCompare(b.id));
  return Promise.all(
    files.map(async ({ id, text }) => ({
      ...parseControlFile(id, text),
      body: await readFile(join(queue, `df${id}`), 'utf8'),
    })),
  );
}

/** Removes all mail of a queue directory. */
export async function emptySendmailQueue(queue: string): Promise<void> {
  const names = await readdir(queue);
  await Promise.all(names.map((name) => rm(join(queue, name), { force: true })));
}

/**
 * A control file is a list of lines that each begin with their kind; a folded header goes on in
 * lines that begin with white space. The kinds read here: `S<sender>`, `RFLAGS:<recipient>`,
 * `H?FLAGS?Name: value`.
 */
function parseControlFile(id: string, text: string): Omit<QueuedMail, 'body'> {
  const entries = text.split(/\n(?![ \t])/);
  const valuesOf = (kind: string): readonly string[] =>
    entries.filter((entry) => entry.startsWith(kind)).map((entry) => entry.slice(1));
  const headers = valuesOf('H')
    // Kept only until a mailer wants it: a Return-Path with an unexpanded macro.
    .filter((header) => !header.startsWith('?P?'))
    .map((header) => `${header.replace(/^\?[^?]*\?/, '')}\n`);
  return {
    id,
    sender: withoutBrackets(valuesOf('S')[0] ?? ''),
    recipients: valuesOf('R').map((line) => withoutBrackets(line.replace(/^[A-Z]*:/, ''))),
    headers: headers.join(''),
  };
}

function withoutBrackets(address: string): string {
  return address.replace(/^<(.*)>$/, '$1');
}
