import type { Argv } from 'yargs';
import type { Output } from '../terminal/output.js';
import * as steering from './steering-options.js';

/** The commands that ask a running filter how it is, and steer it. */
export const steeringCommands = ['status', 'tail', 'pass', 'autowhite', 'reload'] as const;

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
      'tail',
      'Decisions while they are made',
      (inner) => steering.tailBuilder(inner),
      async (parsed) => {
        const { tail } = await import('./tail.js');
        end(await tail(parsed, output));
      },
    )
    .command(
      'pass [address] [sender] [recipient]',
      'Let through now what waits',
      (inner) => steering.passBuilder(inner),
      async (parsed) => {
        const { pass } = await import('../records/pass.js');
        end(await pass(parsed, output));
      },
    )
    .command(
      'reload',
      'Have the running filter read its configuration again',
      (inner) => steering.reloadBuilder(inner),
      async (parsed) => {
        const { reload } = await import('./reload.js');
        end(await reload(parsed, output));
      },
    )
    .command('autowhite', 'Exceptions by hand: clients whose mail does not wait', (inner) =>
      autowhiteCommands(inner, output, end),
    );
}

function autowhiteCommands(argv: Argv, output: Output, end: (exitCode: number) => void) {
  return argv
    .command(
      'add [client]',
      "Let a client's mail not wait",
      (inner) => steering.addExceptionBuilder(inner),
      async (parsed) => {
        const { addAutowhite } = await import('../records/autowhite.js');
        end(await addAutowhite(parsed, output));
      },
    )
    .command(
      'remove [client]',
      'Take an exception away',
      (inner) => steering.removeExceptionBuilder(inner),
      async (parsed) => {
        const { removeAutowhite } = await import('../records/autowhite.js');
        end(await removeAutowhite(parsed, output));
      },
    )
    .command(
      'list',
      'Which exceptions there are',
      (inner) => steering.listExceptionsBuilder(inner),
      async (parsed) => {
        const { listAutowhite } = await import('../records/autowhite.js');
        end(await listAutowhite(parsed, output));
      },
    )
    .demandCommand(1, 'autowhite what? add, remove or list');
}
