import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

import { ConfigError } from './config-error.js';

/**
 * Written by hand, a configuration is a few KiB. Reading YAML costs up to 3 µs per byte, and a
 * reload must not hold up mail for longer than a moment.
 */
const MAX_BYTES = 256 * 1024;

async function readAtMost(handle: FileHandle, maxBytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(maxBytes + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
    length += bytesRead;
    if (bytesRead === 0 || length === buffer.length) return buffer.subarray(0, length);
  }
}

function unreadable(file: string, error: unknown): ConfigError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new ConfigError('CONFIG_NOT_FOUND', `${file}: there is no such file`, { cause: error });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    const message = `${file}: this user may not read it`;
    return new ConfigError('CONFIG_PERMISSION', message, { cause: error });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new ConfigError('CONFIG_UNREADABLE', `${file}: cannot be read (${reason})`, {
    cause: error,
  });
}

async function readBytes(file: string): Promise<Buffer> {
  let handle: FileHandle | undefined;
  try {
    // Without waiting, as opening a named pipe would wait for somebody to write to it.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!(await handle.stat()).isFile()) {
      throw new ConfigError('CONFIG_UNREADABLE', `${file}: is not a regular file`);
    }
    return await readAtMost(handle, MAX_BYTES);
  } catch (error) {
    throw error instanceof ConfigError ? error : unreadable(file, error);
  } finally {
    await handle?.close();
  }
}

/**
 * Reads the text of a configuration file.
 *
 * @throws ConfigError if it is not there, may not be read, is too large, is not UTF-8, or is not
 *   named as YAML
 */
export async function readConfigFile(file: string): Promise<string> {
  if (!/\.ya?ml$/i.test(file)) {
    const message = `${file}: a configuration is YAML, in a file named .yaml or .yml`;
    throw new ConfigError('CONFIG_NOT_YAML', message);
  }
  const bytes = await readBytes(file);
  if (bytes.length > MAX_BYTES) {
    const message = `${file}: is larger than ${MAX_BYTES / 1024} KiB`;
    throw new ConfigError('CONFIG_TOO_LARGE', message);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    const message = `${file}: is not UTF-8 text: save it in that encoding`;
    throw new ConfigError('CONFIG_NOT_TEXT', message, { cause: error });
  }
}
