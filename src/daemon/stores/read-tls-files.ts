import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { Config } from '../../config/schema.js';
import { fileProblem, systemWords } from '../../mail/file-problem.js';
import type { RedisTls } from '../../store/redis/redis-link.js';
import { StoreError } from '../../store/store.js';

type TlsSettings = Config['store']['redis']['tls'];

/**
 * What TLS needs, from the files that `store.redis.tls` names. A wrong one is a mistake in the settings,
 * and must not look like a server that is away.
 *
 * @throws StoreError STORE_PERMISSION
 */
export async function readTlsFiles(settings: TlsSettings): Promise<RedisTls> {
  const { name, certificate } = settings;
  const [ca, cert, key] = await Promise.all([
    readPem(settings, 'authority'),
    readPem(settings, 'certificate'),
    readPem(settings, 'key'),
  ]);
  if (cert !== undefined && key !== undefined) {
    try {
      createSecureContext({ cert, key });
    } catch (cause) {
      throw unusable(`certificate and key, ${String(certificate)}: ${systemWords(cause)}`, cause);
    }
  }
  return { ca, cert, key, serverName: name ?? undefined };
}

async function readPem(
  settings: TlsSettings,
  which: 'authority' | 'certificate' | 'key',
): Promise<string | undefined> {
  const path = settings[which];
  if (path === null) return undefined;
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw unusable(`${which}: cannot read ${path}: ${fileProblem(cause, 'read')}`, cause);
  }
  // Node.js takes an authority that is none for no authority at all.
  if (!text.includes('-----BEGIN ')) throw unusable(`${which}: there is no PEM in ${path}`);
  return text;
}

function unusable(problem: string, cause?: unknown): StoreError {
  return new StoreError('STORE_PERMISSION', `store.redis.tls.${problem}.`, { cause });
}
