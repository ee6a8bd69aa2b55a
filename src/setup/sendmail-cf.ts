import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, type ProgramRun } from './run-program.js';
import { SetupError } from './setup-error.js';

/** Where Sendmail's files are. */
export interface SendmailPlaces {
  /** Of sendmail.mc and sendmail.cf. */
  readonly directory: string;
  /** Of `m4/cf.m4` and `feature/`. */
  readonly cfDirectory: string;
}

/** Whether Sendmail finds our file among its features. */
export function hasFeature({ cfDirectory }: SendmailPlaces): boolean {
  return existsSync(join(cfDirectory, 'feature/greymilter.m4'));
}

/**
 * What m4 makes of a sendmail.mc; both have a character for each byte.
 *
 * @throws SetupError SETUP_PROGRAM with what m4 said, SETUP_PERMISSION
 */
export async function makeCf(mc: string, places: SendmailPlaces): Promise<string> {
  const { directory, cfDirectory } = places;
  const run: ProgramRun = {
    program: 'm4',
    // Debian's sendmail.mc includes cf.m4 by itself, and others leave it to the command line.
    args: includesCf(mc)
      ? [`-D_CF_DIR_=${cfDirectory}/`, '-']
      : [`-D_CF_DIR_=${cfDirectory}/`, join(cfDirectory, 'm4/cf.m4'), '-'],
    input: mc,
    directory,
    encoding: 'latin1',
  };
  const { status, stdout, stderr } = await runProgram(run);
  if (status === 0) return stdout;
  const why = `m4 makes no sendmail.cf of it: ${stderr.trim()}`;
  // Debian's includes files that only root and Sendmail may read.
  if (/: Permission denied$/m.test(stderr)) {
    throw new SetupError('SETUP_PERMISSION', `${why}; try it as root`);
  }
  throw new SetupError('SETUP_PROGRAM', why);
}

/**
 * Makes sure that a sendmail.cf asks the filter first.
 *
 * @throws SetupError SETUP_NOT_UNDERSTOOD
 */
export function requireFilter(cf: string): void {
  const asked = /^O InputMailFilters=([^,\s]*)/m.exec(cf)?.[1];
  if (asked === 'greymilter' && /^Xgreymilter, S=/m.test(cf)) return;
  const what = asked === undefined || asked === '' ? 'no filter' : asked;
  throw new SetupError(
    'SETUP_NOT_UNDERSTOOD',
    `with our line in sendmail.mc Sendmail would ask ${what} first: something that it includes names filters as well`,
  );
}

function includesCf(mc: string): boolean {
  return /^[ \t]*include\(.*\bcf\.m4'?\)/m.test(mc);
}
