import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { formatIssue } from '../../config/config-error.js';
import { explainMail, type ExplainSetup } from '../../daemon/trials/explain-mail.js';
import { loadRuleSet } from '../../daemon/configuration/load-rule-set.js';
import { asciiJson } from '../../migrate/ascii-json.js';
import { loadSupported } from '../arguments/config-options.js';
import { exitCodes } from '../arguments/exit-codes.js';
import { askedLine, askedMail, type AskedMail } from './explain-input.js';
import { explanationJson } from './explain-json.js';
import { mailOptions, type ExplainArguments } from './explain-options.js';
import { leftAlone, lookIntoStore, type StoreLook } from './explain-store.js';
import { formatExplanation } from './explain-text.js';
import type { Output } from '../terminal/output.js';
import { UsageError } from '../arguments/usage-error.js';

/**
 * `greymilter explain`: what the rules and the store would say of a mail, and why, without changing
 * anything.
 *
 * @param input where `--stdin` reads
 * @returns 0 if all was explained; 65 if a line of the input is wrong
 * @throws UsageError, ConfigError, LookupError
 */
export async function explain(
  args: ExplainArguments,
  output: Output,
  input: Readable = process.stdin,
): Promise<number> {
  const now = Date.now();
  const asked = args.stdin === true ? undefined : fromOptions(args, now);
  if (asked === undefined) refuseBoth(args);
  const { config: file, set, store: url } = args;
  const loaded = await loadSupported({ config: file, set, store: url });
  for (const warning of loaded.warnings) output.error(`warning: ${formatIssue(warning)}\n`);
  const clock = { now: () => Date.now() };
  const ruleSet = await loadRuleSet(loaded, { clock, logger: warnings(output) });
  const look =
    args['no-store'] === true ? leftAlone : await lookIntoStore(loaded, asked?.mail.now ?? now);
  if (look.otherSettingsSince !== undefined) {
    const theirs = `the filter that runs has other settings, since ${look.otherSettingsSince}`;
    const hint = 'reload it, or name the file and the --set that it was started with';
    output.error(`warning: ${theirs}, and tells clients what they say: ${hint}\n`);
  }
  try {
    const setup = { config: loaded.config, ruleSet, store: look.store };
    const answer = new Answer(setup, look, { output, isJson: args.json === true });
    if (asked === undefined) return await fromLines(input, now, answer, output);
    await answer.give(asked);
    return exitCodes.done;
  } finally {
    await look.close();
  }
}

function fromOptions(args: ExplainArguments, now: number): AskedMail {
  const asked = askedMail(args, now, (name) => `--${name}`);
  if ('problem' in asked) throw new UsageError(asked.problem);
  return asked;
}

function refuseBoth(args: ExplainArguments): void {
  const given = Object.keys(mailOptions).find((name) => Reflect.get(args, name) !== undefined);
  if (given === undefined) return;
  throw new UsageError(`--${given} and --stdin: the mails come from one or the other`);
}

/** A line that is wrong does not keep the others from being explained. */
async function fromLines(
  input: Readable,
  now: number,
  answer: Answer,
  output: Output,
): Promise<number> {
  let exitCode: number = exitCodes.done;
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    number++;
    if (line.trim() === '') continue;
    const asked = askedLine(line, now);
    if ('problem' in asked) {
      output.error(`greymilter: standard input, line ${number}: ${asked.problem}\n`);
      exitCode = exitCodes.data;
    } else await answer.give(asked);
  }
  return exitCode;
}

class Answer {
  readonly #setup: ExplainSetup;
  readonly #look: StoreLook;
  readonly #to: { readonly output: Output; readonly isJson: boolean };
  #isFirst = true;

  constructor(
    setup: ExplainSetup,
    look: StoreLook,
    to: { readonly output: Output; readonly isJson: boolean },
  ) {
    this.#setup = setup;
    this.#look = look;
    this.#to = to;
  }

  async give({ mail, attempts }: AskedMail): Promise<void> {
    const { output, isJson } = this.#to;
    for (const each of await explainMail(mail, attempts, this.#setup)) {
      if (isJson) {
        output.print(`${asciiJson(explanationJson(each, this.#look.state, mail.now))}\n`);
      } else {
        output.print(`${this.#isFirst ? '' : '\n'}${formatExplanation(each, this.#look.state)}`);
      }
      this.#isFirst = false;
    }
  }
}

/** A DNS list that does not work is worth a word here, too. */
function warnings(output: Output) {
  const nothing = (): void => undefined;
  return {
    error: nothing,
    info: nothing,
    debug: nothing,
    decision: nothing,
    warn: (message: string, fields?: Readonly<Record<string, unknown>>) => {
      const told = Object.entries(fields ?? {}).map(([name, value]) => `${name}: ${String(value)}`);
      output.error(`warning: ${[message, ...told].join(', ')}\n`);
    },
  };
}
