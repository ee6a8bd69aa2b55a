import type { Argv } from 'yargs';
import type { Output } from './output.js';
import * as steering from './steering-options.js';

/** The commands that ask a running filter how it is, and steer it. */
export const steeringCommands = ['status', 'pass'] as const;

/** Adds them. @param end is told how a command has ended */
export function withSteeringCommands<T>(
  argv: Argv<T>,
  output: Output,
  end: (exitCode: number) => void,
): Argv<T> {
  return argv
    .command(
      'status',
      'How the running filter is, and what it has decided',
      (inner) => steering.statusBuilder(inner),
      async (parsed) => {
        const { status } = await import('./status.js');
        end(await status(parsed, output));
      },
    )
    .command(
      'pass [address] [sender] [recipient]',
      'Let through now what waits',
      (inner) => steering.passBuilder(inner),
      async (parsed) => {
        const { pass } = await import('./pass.js');
        end(await pass(parsed, output));
      },
    );
}
