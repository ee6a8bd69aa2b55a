import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasIpv6Loopback, requireMta, type AnyMtaKind } from './availability.js';
import type { NetworkHost } from '../test-network.js';
import { makeMtaDirectory } from './places.js';
import { reservePort } from './ports.js';
import { outputFile, startSupervised } from './supervised.js';

/** A mail that the MTA has accepted and holds; nothing is ever delivered. */
export interface QueuedMail {
  /** The queue id, as the filter sees it in the macro `i`. */
  readonly id: string;
  /** Without angle brackets; empty for the null sender. */
  readonly sender: string;
  readonly recipients: readonly string[];
  /** As they would be sent, one header a line, folded ones with their folds; lines end in `\n`. */
  readonly headers: string;
  readonly body: string;
}

/** A private MTA on loopback addresses. */
export interface MtaInstance {
  readonly kind: AnyMtaKind;
  readonly version: string;
  /** `127.0.0.1`, or the address of the machine that it was put on. */
  readonly host: string;
  /** Where it listens as well, on the same port; absent on a machine without IPv6. */
  readonly ipv6Host: '::1' | undefined;
  readonly port: number;
  /** Its own directory, gone after `stop`. */
  readonly directory: string;
  /** All accepted mail, the oldest first. */
  queued(): Promise<readonly QueuedMail[]>;
  /** Throws all accepted mail away. */
  flush(): Promise<void>;
  log(): Promise<string>;
  /** Ends all its processes and removes its files; may be called again. */
  stop(): Promise<void>;
}

/** Settings that all MTAs have. */
export interface MtaOptions {
  /**
   * Names of client addresses, as if in the DNS, forward and backward: `{ '127.0.0.2': 'mx.a.example' }`.
   * The loopback addresses are `localhost`; all others have no name.
   */
  readonly hosts?: Readonly<Record<string, string>>;
  /** Offers STARTTLS, with a certificate that nobody has signed. */
  readonly tls?: boolean;
  /** The machine that it runs on, and whose address it listens on, in place of this one. */
  readonly machine?: NetworkHost | undefined;
}

/** Who may log in, by AUTH PLAIN, on all MTAs. */
export const testLogin = { user: 'alice', password: 'secret', realm: 'local.test' } as const;

/** The domain all MTAs accept mail for, to `user1` … `user9` (also `user1+anything`) and `postmaster`. */
export const testDomain = 'local.test';

/** Where a starting MTA finds its place. */
export interface MtaPlace {
  readonly directory: string;
  readonly port: number;
  readonly hosts: readonly string[];
}

/** An MTA's own part: writes its configuration and says how to run it and read its queue. */
export interface MtaSetup {
  readonly kind: AnyMtaKind;
  readonly command: readonly string[];
  /** Where it writes what it has to say, beside its standard output. */
  readonly logFiles: readonly string[];
  readonly queued: () => Promise<readonly QueuedMail[]>;
  readonly flush: () => Promise<void>;
}

/** Gives an MTA a directory and a port, starts it and takes all of it back at the end. */
export async function startInstance(
  kind: AnyMtaKind,
  options: MtaOptions,
  setUp: (place: MtaPlace) => Promise<MtaSetup>,
): Promise<MtaInstance> {
  const version = requireMta(kind);
  const { machine } = options;
  const ipv6Host = machine === undefined && hasIpv6Loopback() ? '::1' : undefined;
  const host = machine?.address ?? '127.0.0.1';
  const hosts = [host, ...(ipv6Host === undefined ? [] : [ipv6Host])];
  const reserved = await reservePort(machine === undefined ? hosts : []);
  const { port } = reserved;
  const directory = makeMtaDirectory(kind);
  const tidy = (): void => {
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
    reserved.release();
  };
  try {
    mkdirSync(join(directory, 'etc'));
    const { command, logFiles, queued, flush } = await setUp({ directory, port, hosts });
    const stopProcesses = await startSupervised({
      directory,
      command,
      port,
      listeners: hosts.length,
      logFiles,
      hosts: options.hosts ?? {},
      machine,
    });
    const log = async (): Promise<string> => {
      const files = [outputFile(directory), ...logFiles].filter((file) => existsSync(file));
      return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('');
    };
    const stop = async (): Promise<void> => {
      await stopProcesses();
      tidy();
    };
    return {
      kind,
      version,
      host,
      ipv6Host,
      port,
      directory,
      queued,
      flush,
      log,
      stop,
    };
  } catch (error) {
    tidy();
    throw error;
  }
}
