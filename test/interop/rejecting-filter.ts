import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { customReply, MilterServer, replies } from '../../src/protocols/milter/index.js';
import type { DaemonCleanUp } from '../support/daemon-harness.js';
import { createSocketDirectory } from '../support/mta/places.js';

/** What the rejecting filter refuses for good: a stage, and how the address begins. */
export const refused = { mail: 'mail-', rcpt: 'user9+', eom: 'eom-' } as const;

/** It runs until the test ends. */
export interface RejectingFilter {
  /** In Sendmail's spelling. */
  readonly address: string;
  /** What it was asked since this was called last: `mail <a@b.example>`, `rcpt …`, `eom`. */
  readonly take: () => readonly string[];
}

interface Session {
  sender: string;
}

const refusal = customReply({ code: 550, enhanced: '5.7.1', text: 'Refused by another filter' });

/** Starts another filter for the same MTA, which puts nothing off. */
export async function startRejectingFilter(cleanUp: DaemonCleanUp): Promise<RejectingFilter> {
  const seen: string[] = [];
  const server = new MilterServer<Session>({
    filter: () => ({
      open: () => ({ sender: '' }),
      mail: (session, { address }) => {
        session.sender = address;
        seen.push(`mail ${address}`);
        return address.startsWith(`<${refused.mail}`) ? refusal : replies.continue;
      },
      rcpt: (_session, { address }) => {
        seen.push(`rcpt ${address}`);
        return address.startsWith(`<${refused.rcpt}`) ? refusal : replies.continue;
      },
      eom: ({ sender }) => {
        seen.push('eom');
        return sender.startsWith(`<${refused.eom}`) ? replies.reject : replies.continue;
      },
    }),
  });
  const directory = createSocketDirectory({
    after: (remove) => cleanUp.after(() => Promise.resolve().then(remove)),
  });
  const path = join(directory, 'rejecting.sock');
  const listener = createServer();
  server.attach(listener);
  cleanUp.after(async () => {
    listener.close();
    await server.drain(0);
  });
  await once(listener.listen(path), 'listening');
  // Postfix is not root.
  chmodSync(path, 0o666);
  return { address: `unix:${path}`, take: () => seen.splice(0) };
}
