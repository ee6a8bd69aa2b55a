import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AsyncCleanUp } from './dns-server.js';
import { lastFirst } from './clean-ups.js';
import { createTempDirectory } from './temp-directory.js';

/** A directory of the test's own, below `dc=example`; only its administrator may read it. */
export interface DirectoryServer {
  readonly url: string;
  readonly administrator: { readonly dn: string; readonly password: string };
  /** Ends it, and with it all of its connections. */
  stop(): Promise<void>;
  /** Starts it again at the same address, with what it had. */
  restart(): Promise<void>;
}

const LIMIT_MS = 60_000;
const POLL_MS = 20;
/** Debian puts it where not everybody's path leads. */
const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };

/** For the `skip` option of a test or suite; in CI nothing is skipped. */
export function skipWithoutDirectoryServer(): string | false {
  const { error } = spawnSync('slapd', ['-VV'], { env });
  if (error === undefined || process.env['CI'] === 'true') return false;
  return `slapd cannot run here: ${error.message}; scripts/install-directory-server installs it`;
}

/**
 * Starts OpenLDAP's slapd on a free port of 127.0.0.1; it ends with the test.
 *
 * @param entries LDIF (RFC 2849) of what stands below `dc=example`
 */
export async function startDirectoryServer(
  t: AsyncCleanUp,
  entries: string,
): Promise<DirectoryServer> {
  const cleanUps = lastFirst(t);
  const directory = createTempDirectory(cleanUps);
  const port = await freePort();
  const url = `ldap://127.0.0.1:${port}`;
  const administrator = { dn: 'cn=admin,dc=example', password: 'open, sesame' };
  const file = join(directory, 'slapd.conf');
  mkdirSync(join(directory, 'db'));
  writeFileSync(file, configuration(directory, administrator));
  writeFileSync(join(directory, 'entries.ldif'), `${ROOT}\n${entries}\n`);
  const added = spawnSync('slapadd', ['-f', file, '-l', join(directory, 'entries.ldif')], { env });
  if (added.status !== 0) throw new Error(`slapadd: ${String(added.stderr)}`);
  const start = async () => {
    const child = spawn('slapd', ['-d', '0', '-h', `${url}/`, '-f', file], {
      stdio: 'ignore',
      env,
    });
    await untilServed(port);
    return child;
  };
  let child = await start();
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  cleanUps.after(stop);
  const restart = async (): Promise<void> => {
    child = await start();
  };
  return { url, administrator, stop, restart };
}

const ROOT = `dn: dc=example
objectClass: dcObject
objectClass: organization
dc: example
o: Example
`;

function configuration(
  directory: string,
  { dn, password }: DirectoryServer['administrator'],
): string {
  return `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile ${directory}/slapd.pid
attributetype ( 1.3.6.1.4.1.55555.1 NAME 'milterGreylistDelay' SUP name )
objectclass ( 1.3.6.1.4.1.55555.2 NAME 'greylisted' AUXILIARY MAY milterGreylistDelay )
database mdb
directory ${directory}/db
suffix "dc=example"
rootdn "${dn}"
rootpw "${password}"
access to * by dn.exact="${dn}" read by * auth
`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

async function untilServed(port: number): Promise<void> {
  const endsAt = Date.now() + LIMIT_MS;
  for (;;) {
    const isServed = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isServed) return;
    if (Date.now() > endsAt) throw new Error('slapd does not start');
    await sleep(POLL_MS);
  }
}
