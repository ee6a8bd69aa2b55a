import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { MtaPeer } from '../support/mta-peer.js';
import { openSession, sendMail } from './smtp-session.js';

/** The rules of this version: what every client is told shows it. */
export function rulesText(directory: string, version: number, entries: number): string {
  const others = Array.from(
    { length: entries },
    (_, index) => `10.${version % 256}.${index >> 8}.${index & 255}\n`,
  );
  writeFileSync(join(directory, 'clients.txt'), `192.0.2.1\n${others.join('')}`);
  return `trusted: []
lists: {everybody: {clients: [{file: '${join(directory, 'clients.txt')}'}]}}
rules: [{when: {client: 'list:everybody'}, then: reject, log: debug, text: "version ${version}"}]
`;
}

/** Versions that were asked for, and those that a new session gets at least. */
interface Progress {
  begun: number;
  done: number;
  isOver: boolean;
}

/** The version that a refusal shows. */
export function versionIn(reply: string | undefined): number {
  const [, version] = /^550 5\.7\.1 version (\d+)$/.exec(reply ?? '') ?? [];
  assert.ok(version !== undefined, `told "${reply ?? 'nothing'}"`);
  return Number(version);
}

/** Sessions one after the other, each under one version only, and none older than it may be. */
async function comeAndGo(path: string, progress: Progress, pauseMs: number): Promise<number> {
  let sessions = 0;
  for (; !progress.isOver; sessions++) {
    const oldest = progress.done;
    const peer = await MtaPeer.connect({ path });
    await openSession(peer);
    const { rcpt } = await sendMail(peer, { to: ['a@example.org', 'b@example.org'] });
    await nextTurn();
    const [last] = (await sendMail(peer, { to: ['c@example.org'] })).rcpt;
    const versions = [...rcpt, last].map(versionIn);
    assert.equal(new Set(versions).size, 1, `one session was told ${versions.join(', ')}`);
    const [version = -1] = versions;
    assert.ok(version >= oldest && version <= progress.begun, `${version}, not from ${oldest}`);
    await peer.quit();
    if (pauseMs > 0) await pause(pauseMs);
  }
  return sessions;
}

/** How many reloads, and how many clients come and go meanwhile. */
export interface Effort {
  readonly versions: number;
  readonly clients: number;
  /** How long a client waits between two sessions. */
  readonly pauseMs: number;
}

/** Reloads one after the other while clients come and go; resolves to how many sessions there were. */
export async function reloadUnderLoad(
  path: string,
  { versions, clients, pauseMs }: Effort,
  reload: (version: number) => Promise<void>,
): Promise<number> {
  const progress: Progress = { begun: 0, done: 0, isOver: false };
  const load = Promise.all(
    Array.from({ length: clients }, () => comeAndGo(path, progress, pauseMs)),
  );
  const reloads = async (): Promise<void> => {
    try {
      for (let version = 1; version <= versions; version++) {
        progress.begun = version;
        await reload(version);
        progress.done = version;
      }
    } finally {
      progress.isOver = true;
    }
  };
  const [sessions] = await Promise.all([load, reloads()]);
  return sessions.reduce((sum, count) => sum + count, 0);
}
