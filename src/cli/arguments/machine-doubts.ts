import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ConfigIssue } from '../../config/config-error.js';
import type { LoadedConfig } from '../../config/load.js';
import { AccountError, findGroup, findUser } from '../../daemon/process/system-account.js';

type Located = Pick<LoadedConfig, 'config' | 'issueAt'>;
type Config = LoadedConfig['config'];

/** One of them, and the code of the error that a start would end with. */
export interface MachineDoubt {
  readonly code: 'ACCOUNT_UNKNOWN' | 'PID_FILE_FAILED' | 'LOG_CANNOT_OPEN';
  readonly issue: ConfigIssue;
}

const HINT = 'a filter of this machine would not start';

/**
 * What a configuration names that this machine does not have: accounts, and the directories of files that a start
 * opens.
 * A file may be meant for another machine, so it is for the caller to say how bad that is.
 */
export function findMachineDoubts({ config, issueAt }: Located): readonly MachineDoubt[] {
  const ofAccounts = accountsOf(config).flatMap(({ kind, path, name }): MachineDoubt[] => {
    const problem = name === null ? undefined : accountProblem(kind, name);
    return problem === undefined
      ? []
      : [{ code: 'ACCOUNT_UNKNOWN', issue: issueAt(path, problem, HINT) }];
  });
  const ofLogs = logsOf(config).flatMap(({ path, file }): MachineDoubt[] => {
    const problem = directoryProblem(dirname(file));
    return problem === undefined
      ? []
      : [{ code: 'LOG_CANNOT_OPEN', issue: issueAt(path, problem, HINT) }];
  });
  const ofPidFile = pidFileProblem(config);
  if (ofPidFile === undefined) return [...ofAccounts, ...ofLogs];
  return [
    ...ofAccounts,
    { code: 'PID_FILE_FAILED', issue: issueAt(['pid-file'], ofPidFile, HINT) },
    ...ofLogs,
  ];
}

/** The files that are logged to. */
function logsOf({
  log,
  activity,
}: Config): readonly { readonly path: readonly string[]; readonly file: string }[] {
  const ofLog = log.to.kind === 'file' ? [{ path: ['log', 'to'], file: log.to.path }] : [];
  const ofActivity =
    activity?.to.kind === 'file' ? [{ path: ['activity', 'to'], file: activity.to.path }] : [];
  return [...ofLog, ...ofActivity];
}

interface NamedAccount {
  readonly kind: 'user' | 'group';
  readonly path: readonly string[];
  readonly name: string | null;
}

function accountsOf({ user, group, listen }: Config): readonly NamedAccount[] {
  const ofSockets = (['socket', 'admin-socket'] as const).flatMap((section): NamedAccount[] => [
    { kind: 'user', path: ['listen', section, 'owner'], name: listen[section].owner },
    { kind: 'group', path: ['listen', section, 'group'], name: listen[section].group },
  ]);
  return [
    { kind: 'user', path: ['user'], name: user },
    { kind: 'group', path: ['group'], name: group },
    ...ofSockets,
  ];
}

/** In the words of a start; undefined if there is such an account. */
function accountProblem(kind: 'user' | 'group', name: string): string | undefined {
  try {
    if (kind === 'user') findUser(name);
    else findGroup(name);
    return undefined;
  } catch (error) {
    if (!(error instanceof AccountError)) throw error;
    return error.message;
  }
}

/** The directories of sockets are made at a start, and with them those around them. */
function pidFileProblem({ 'pid-file': file, listen }: Config): string | undefined {
  if (file === null) return undefined;
  const directory = dirname(file);
  const { milter, policy, admin } = listen;
  const sockets = [...milter, ...policy, ...(admin === null ? [] : [admin])];
  const isMade = sockets.some(
    (socket) => socket.kind === 'unix' && socket.path.startsWith(`${directory}/`),
  );
  return isMade ? undefined : directoryProblem(directory);
}

function directoryProblem(directory: string): string | undefined {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true) return undefined;
  return `there is no directory ${directory}: make it, or name another one`;
}
