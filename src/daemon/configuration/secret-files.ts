import { readFile, stat } from 'node:fs/promises';
import type { LoadedConfig } from '../../config/load.js';
import { readPasswordFile } from '../../lookups/password-file.js';
import { fileProblem, isForbidden } from '../../mail/file-problem.js';
import { openPseudonyms } from '../../telemetry/pseudonyms.js';
import { describeError } from '../process/describe-error.js';
import { loadHttpAccess } from './load-http-access.js';

type Config = LoadedConfig['config'];

/** A file that holds a secret, and the setting that names it. */
interface SecretFile {
  readonly setting: string;
  readonly path: string;
}

/** Read, write or enter, for those who are neither the owner nor in the group. */
const FOR_OTHERS = 0o007;

/** A secret that every user of the machine can read, or change. */
export class SecretExposedError extends Error {
  readonly code = 'SECRET_EXPOSED';

  constructor(exposed: readonly SecretFile[]) {
    const problems = exposed.map(
      ({ setting, path }) => `${setting}: every user of this machine can read or change ${path}`,
    );
    const paths = exposed.map(({ path }) => path).join(' ');
    super(`${problems.join('; ')}. Say who may: chmod o= ${paths}`);
    this.name = 'SecretExposedError';
  }
}

/**
 * Refuses a configuration whose secrets are none. Who may be in the group of a file is for the
 * administrator to say, so the group may read it. A file that is not there is told of by its reader.
 *
 * @throws SecretExposedError
 */
export async function refuseExposedSecrets(config: Config): Promise<void> {
  const exposed: SecretFile[] = [];
  for (const file of secretFilesOf(config)) {
    const found = await stat(file.path).catch(() => undefined);
    if (found !== undefined && (found.mode & FOR_OTHERS) !== 0) exposed.push(file);
  }
  if (exposed.length > 0) throw new SecretExposedError(exposed);
}

function secretFilesOf(config: Config): readonly SecretFile[] {
  const { http, log, lookups } = config;
  const files = [
    { setting: 'http.token-file', path: http['token-file'] },
    { setting: 'http.tls.key', path: http.tls?.key },
    { setting: 'log.privacy.key-file', path: log.privacy?.['key-file'] },
    {
      setting: 'lookups.ldap.bind.password-file',
      path: lookups.ldap.bind?.['password-file'],
    },
  ];
  return [...named(files), ...storeSecretsOf(config)];
}

function storeSecretsOf({ store: { redis } }: Config): readonly SecretFile[] {
  return named([
    { setting: 'store.redis.password-file', path: redis['password-file'] },
    { setting: 'store.redis.sentinel.password-file', path: redis.sentinel['password-file'] },
    { setting: 'store.redis.tls.key', path: redis.tls.key },
  ]);
}

function named(
  files: readonly { readonly setting: string; readonly path: string | null | undefined }[],
): readonly SecretFile[] {
  return files.flatMap(({ setting, path }) =>
    typeof path === 'string' ? [{ setting, path }] : [],
  );
}

/** What is wrong with the secrets of a configuration. */
export interface SecretProblem {
  /** It could not be found out, as we may not read them; the filter may all the same. */
  readonly isUnknown: boolean;
  readonly text: string;
}

/** Reads all files with secrets as the filter does when it starts. */
export async function findSecretProblems(config: Config): Promise<readonly SecretProblem[]> {
  const passwordFile = config.lookups.ldap.bind?.['password-file'];
  const problems: SecretProblem[] = [];
  for (const prove of [
    () => refuseExposedSecrets(config),
    () => loadHttpAccess(config),
    () => openPseudonyms(config.log.privacy),
    () => (passwordFile === undefined ? undefined : readPasswordFile(passwordFile)),
    // The filter reads them with each connection to a shared store, and to no other.
    ...(config.store.url.kind === 'redis' ? storeSecretsOf(config) : []).map(
      (file) => () => proveReadable(file),
    ),
  ]) {
    try {
      await prove();
    } catch (error) {
      problems.push({ isUnknown: isRefused(error), text: describeError(error).error });
    }
  }
  return problems;
}

async function proveReadable({ setting, path }: SecretFile): Promise<void> {
  try {
    await readFile(path);
  } catch (cause) {
    throw new Error(`${setting}: cannot read ${path}: ${fileProblem(cause, 'read')}`, { cause });
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && isForbidden(error.cause);
}
