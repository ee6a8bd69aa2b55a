import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

import { fileProblem, isForbidden } from '../mail/file-problem.js';
import { ConfigError } from './config-error.js';

/**
 * Written by hand, a configuration is a few KiB. Reading YAML costs up to 3 µs per byte, and a
 * reload must not hold up mail for longer than a moment.
 */
const MAX_BYTES = 256 * 1024;

/** Files of milter-greylist's have their lists in them, and are read faster. */
const MAX_FOREIGN_BYTES = 4 * 1024 * 1024;

/** A configuration of the usual size is read at once. */
const CHUNK_BYTES = 64 * 1024;

async function readAtMost(handle: FileHandle, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  while (length <= maxBytes) {
    const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, maxBytes + 1 - length));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length);
    if (bytesRead === 0) break;
    chunks.push(chunk.subarray(0, bytesRead));
    length += bytesRead;
  }
  return Buffer.concat(chunks);
}

function unreadable(file: string, error: unknown): ConfigError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const problem = `${file}: ${fileProblem(error, 'read')}`;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new ConfigError('CONFIG_NOT_FOUND', problem, { cause: error });
  }
  const kind = isForbidden(error) ? 'CONFIG_PERMISSION' : 'CONFIG_UNREADABLE';
  return new ConfigError(kind, problem, { cause: error });
}

async function readBytes(file: string, maxBytes: number): Promise<Buffer> {
  let handle: FileHandle | undefined;
  try {
    // Without waiting, as opening a named pipe would wait for somebody to write to it.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!(await handle.stat()).isFile()) {
      throw new ConfigError('CONFIG_UNREADABLE', `${file}: is not a regular file`);
    }
    return await readAtMost(handle, maxBytes);
  } catch (error) {
    throw error instanceof ConfigError ? error : unreadable(file, error);
  } finally {
    await handle?.close();
  }
}

async function readWithin(file: string, maxBytes: number): Promise<Buffer> {
  const bytes = await readBytes(file, maxBytes);
  if (bytes.length <= maxBytes) return bytes;
  throw tooLarge(file, maxBytes);
}

function tooLarge(name: string, maxBytes: number): ConfigError {
  return new ConfigError('CONFIG_TOO_LARGE', `${name}: is larger than ${maxBytes / 1024} KiB`);
}

/**
 * Reads a file of text.
 *
 * @throws ConfigError if it is not there, may not be read, is too large, or is not UTF-8
 */
export async function readTextFile(file: string, maxBytes: number): Promise<string> {
  const bytes = await readWithin(file, maxBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    const message = `${file}: is not UTF-8 text: save it in that encoding`;
    throw new ConfigError('CONFIG_NOT_TEXT', message, { cause: error });
  }
}

/**
 * Reads a file of text of another program, which may be older than UTF-8: what is none is read as
 * ISO 8859-1, which any bytes are.
 *
 * @throws ConfigError as {@link readTextFile} does
 */
export async function readForeignFile(file: string, maxBytes: number): Promise<string> {
  return foreignText(await readWithin(file, maxBytes));
}

/** Whether a file is in our own language, by its name; any other is one of milter-greylist's. */
export function isYamlFile(file: string): boolean {
  return /\.ya?ml$/i.test(file);
}

/**
 * Reads the text of a configuration file, ours or one of milter-greylist's.
 *
 * @throws ConfigError as {@link readTextFile} does
 */
export async function readConfigFile(file: string): Promise<string> {
  return isYamlFile(file)
    ? await readTextFile(file, MAX_BYTES)
    : await readForeignFile(file, MAX_FOREIGN_BYTES);
}

function foreignText(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('latin1');
}

/**
 * The same of what comes through a pipe, which has no name to go by and is milter-greylist's. Nothing
 * at all is what a command leaves that has failed.
 *
 * @throws ConfigError if it is empty or too large
 */
export async function readPipedConfig(
  name: string,
  input: AsyncIterable<Uint8Array>,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of input) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_FOREIGN_BYTES) break;
    }
  } catch (error) {
    throw unreadable(name, error);
  }
  if (length > MAX_FOREIGN_BYTES) throw tooLarge(name, MAX_FOREIGN_BYTES);
  if (length === 0) throw new ConfigError('CONFIG_UNREADABLE', `${name}: has nothing in it`);
  return foreignText(Buffer.concat(chunks));
}
