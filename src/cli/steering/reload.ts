import { readOptionalText, type JsonFields } from '../../migrate/json-fields.js';
import { asciiJson } from '../../migrate/ascii-json.js';
import type { ConfigArguments } from '../arguments/config-options.js';
import { exitCodeForCode, exitCodes } from '../arguments/exit-codes.js';
import type { Output } from '../terminal/output.js';
import { requireDaemon } from '../records/reach-daemon.js';

/** What `reload` takes. */
export type ReloadArguments = Pick<ConfigArguments, 'config' | 'store' | 'set'> & {
  readonly json?: boolean | undefined;
};

/**
 * `greymilter reload`: has the running filter read its configuration again, and says what is
 * different now, or why it was not taken over.
 *
 * @returns 65, or what is said of a start with the same error, if it was not
 * @throws ConfigError, AdminError
 */
export async function reload(args: ReloadArguments, output: Output): Promise<number> {
  const client = await requireDaemon(args);
  try {
    const report = await client.post('/v1/reload');
    if (args.json === true) output.print(`${asciiJson(report)}\n`);
    else tell(report, output);
    if (report['ok'] === true) return exitCodes.done;
    return exitCodeForCode(readOptionalText(report, 'code')) ?? exitCodes.data;
  } finally {
    client.close();
  }
}

function tell(report: JsonFields, output: Output): void {
  for (const warning of linesOf(report['warnings'])) output.error(`warning: ${warning}\n`);
  if (report['ok'] !== true) {
    const problem = readOptionalText(report, 'problem') ?? '';
    output.error(`greymilter: reload failed, everything stays as it was: ${problem}\n`);
    return;
  }
  const changes = linesOf(report['changes']);
  output.print(changes.length === 0 ? 'Nothing is different\n' : `${changes.join('\n')}\n`);
}

function linesOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
