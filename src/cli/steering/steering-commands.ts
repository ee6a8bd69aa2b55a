import type { Argv } from 'yargs';
import { chooseCommand } from '../arguments/chosen-command.js';
import type { Output } from '../terminal/output.js';
import * as steering from './steering-options.js';

/** The commands that ask a running filter how it is, and steer it. */
export const steeringCommands = ['status', 'tail', 'pass', 'autowhite', 'reload'] as const;

/** Adds them. */
export function withSteeringCommands<T>(argv: Argv<T>, output: Output): Argv<T> {
  return argv
    .command(
      'status',
      'How the running filter is, and what it has decided',
      (inner) => steering.statusBuilder(inner),
      (parsed) =>
        chooseCommand(async () => {
          const { status } = await import('./status.js');
          return await status(parsed, output);
        }),
    )
    .command(
      'tail',
      'Decisions while they are made',
      (inner) => steering.tailBuilder(inner),
      (parsed) =>
        chooseCommand(async () => {
          const { tail } = await import('./tail.js');
          return await tail(parsed, output);
        }),
    )
    .command(
      'pass [address] [sender] [recipient]',
      'Let through now what waits',
      (inner) => steering.passBuilder(inner),
      (parsed) =>
        chooseCommand(async () => {
          const { pass } = await import('../records/pass.js');
          return await pass(parsed, output);
        }),
    )
    .command(
      'reload',
      'Have the running filter read its configuration again',
      (inner) => steering.reloadBuilder(inner),
      (parsed) =>
        chooseCommand(async () => {
          const { reload } = await import('./reload.js');
          return await reload(parsed, output);
        }),
    )
    .command('autowhite', 'Exceptions by hand: clients whose mail does not wait', (inner) =>
      autowhiteCommands(inner, output),
    );
}

function autowhiteCommands(argv: Argv, output: Output) {
  return argv
    .command(
      'add [client]',
      "Let a client's mail not wait",
      (inner) => steering.addExceptionBuilder(inner),
      (parsed) =>
        chooseCommand(async () => {
          const { addAutowhite } = await import('../records/autowhite.js');
          return await addAutowhite(parsed, output);
        }),
    )
    .command(
      'remove [client]',
      'Take an exception away',
      (inner) => steering.removeExceptionBuilder(inner),
      (parsed) =>
        chooseCommand(async () => {
          const { removeAutowhite } = await import('../records/autowhite.js');
          return await removeAutowhite(parsed, output);
        }),
    )
    .command(
      'list',
      'Which exceptions there are',
      (inner) => steering.listExceptionsBuilder(inner),
      (parsed) =>
        chooseCommand(async () => {
          const { listAutowhite } = await import('../records/autowhite.js');
          return await listAutowhite(parsed, output);
        }),
    )
    .demandCommand(1, 'autowhite what? add, remove or list');
}
