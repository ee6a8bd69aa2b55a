import { commandOfByte, commandTable } from '../../../../../src/protocols/milter/commands.js';
import type { CommandEvents, CommandName } from '../../../../../src/protocols/milter/events.js';
import type { MilterFilter } from '../../../../../src/protocols/milter/filter.js';
import { MtaSession } from '../../../../../src/protocols/milter/mta/mta-session.js';
import type { MtaSessionOptions } from '../../../../../src/protocols/milter/mta/mta-options.js';
import { mtaProfiles } from '../../../../../src/protocols/milter/mta/profiles.js';
import { PayloadReader } from '../../../../../src/protocols/milter/payload-reader.js';
import { conversationsOf } from '../../../../fixtures/traces/read-conversations.js';
import { openConnection, type Harness } from '../filter-harness.js';
import { client } from './filter-stub.js';

/** An MTA, as the recordings call it. */
export type Mta = 'postfix' | 'sendmail';

/** Both. */
export const mtas = ['postfix', 'sendmail'] as const;

interface Sent {
  readonly letter: string;
  readonly payload: Buffer;
}

/** What one MTA sent in a scenario, on its first connection unless another is named. */
function sentIn(mta: Mta, scenario: string, connection: string): readonly Sent[] {
  const found = conversationsOf(scenario).find(
    (conversation) => conversation.mta === mta && conversation.name.endsWith(` ${connection}`),
  );
  return (found?.packets ?? [])
    .filter(({ from }) => from === 'mta')
    .map(({ command, payload }) => ({
      letter: command === 'D' ? `D${payload.toString('latin1', 0, 1)}` : command,
      payload,
    }));
}

/** The letters that one MTA sent, `O DC C DH H`; empty if there was no such connection. */
export function letters(mta: Mta, scenario: string, connection = 'A1'): string {
  return sentIn(mta, scenario, connection)
    .map(({ letter }) => letter)
    .join(' ');
}

/** The events of one kind that one MTA sent, decoded. */
export function events<Name extends CommandName>(
  mta: Mta,
  scenario: string,
  name: Name,
  connection = 'A1',
): readonly CommandEvents[Name][] {
  return sentIn(mta, scenario, connection)
    .filter(({ letter }) => commandOfByte(letter.charCodeAt(0)) === name)
    .map(({ payload }) => commandTable[name].decode(new PayloadReader(payload, 0, payload.length)));
}

/** The macros of one stage, `DR`, as one MTA sent them: a line `symbol=value …` for each packet. */
export function macros(mta: Mta, scenario: string, stage: string, connection = 'A1'): string[] {
  return sentIn(mta, scenario, connection)
    .filter(({ letter }) => letter === stage)
    .map(({ payload }) => {
      const strings = payload.toString('latin1', 1).split('\0');
      const pairs = strings.flatMap((text, at) =>
        at % 2 === 0 && at + 1 < strings.length ? [`${text}=${strings[at + 1] ?? ''}`] : [],
      );
      return pairs.join(' ');
    });
}

/** One MTA's end, connected to a filter of this library and negotiated. */
export interface Against {
  readonly mta: MtaSession;
  readonly harness: Harness;
}

/** Plays one MTA against a filter of this library. */
export async function against<Session>(
  name: Mta,
  filter: MilterFilter<Session>,
  options: Partial<MtaSessionOptions> = {},
): Promise<Against> {
  const harness = openConnection(filter);
  // As the peer of a socket would notice.
  harness.socket.once('close', () => harness.mta.destroy());
  const mta = new MtaSession(harness.mta, {
    profile: mtaProfiles[name],
    answerMs: 2000,
    ...options,
  });
  await mta.open();
  await mta.connect(client);
  await mta.helo('mail.example');
  return { mta, harness };
}
