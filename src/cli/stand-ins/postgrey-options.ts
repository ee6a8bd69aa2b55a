import { UsageError } from '../arguments/usage-error.js';

/** What an option wants behind it; a text that may be left out has to look like none. */
type Takes = 'nothing' | 'text' | 'number' | 'number-or-nothing';

interface OptionSpec {
  readonly takes: Takes;
  /** Its other names. */
  readonly also?: readonly string[];
}

/** Every option of Postgrey 1.37, and behind those the few of ours. */
const SPECS = {
  help: { takes: 'nothing', also: ['h'] },
  man: { takes: 'nothing' },
  version: { takes: 'nothing' },
  noaction: { takes: 'nothing', also: ['no-action', 'n'] },
  verbose: { takes: 'nothing', also: ['v'] },
  quiet: { takes: 'nothing', also: ['q'] },
  unix: { takes: 'text', also: ['u'] },
  inet: { takes: 'text', also: ['i'] },
  socketmode: { takes: 'text' },
  daemonize: { takes: 'nothing', also: ['d'] },
  pidfile: { takes: 'text' },
  user: { takes: 'text' },
  group: { takes: 'text' },
  dbdir: { takes: 'text' },
  delay: { takes: 'number' },
  'max-age': { takes: 'number' },
  'retry-window': { takes: 'text' },
  'greylist-action': { takes: 'text' },
  'greylist-text': { takes: 'text' },
  'x-greylist-header': { takes: 'text' },
  hostname: { takes: 'text' },
  'lookup-by-subnet': { takes: 'nothing' },
  'lookup-by-host': { takes: 'nothing' },
  ipv4cidr: { takes: 'number' },
  ipv6cidr: { takes: 'number' },
  privacy: { takes: 'nothing' },
  'auto-whitelist-clients': { takes: 'number-or-nothing' },
  'whitelist-clients': { takes: 'text' },
  'whitelist-recipients': { takes: 'text' },
  'syslog-facility': { takes: 'text', also: ['syslogfacility', 'facility'] },
  exim: { takes: 'nothing' },
  'listen-queue-size': { takes: 'number' },
  config: { takes: 'text' },
  set: { takes: 'text' },
  defaults: { takes: 'text' },
  // For tests: requests say what time it is.
  'test-clock': { takes: 'nothing' },
  // For ourselves: the process in the background.
  detached: { takes: 'nothing' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** The options by their first names. */
export type PostgreyOption = keyof typeof SPECS;

/** The name that an option goes by here, by each of its names. */
const NAMES: ReadonlyMap<string, PostgreyOption> = new Map(
  Object.entries<OptionSpec>(SPECS).flatMap(([name, { also = [] }]) =>
    [name, ...also].flatMap((each) => (isOption(name) ? [[each, name] as const] : [])),
  ),
);

function isOption(name: string): name is PostgreyOption {
  return Object.hasOwn(SPECS, name);
}

/** A command line of Postgrey. */
export class PostgreyOptions {
  readonly #values = new Map<PostgreyOption, string[]>();

  /** Of an option that came several times the last counts, but for {@link all}. */
  add(option: PostgreyOption, value: string): void {
    this.#values.set(option, [...this.all(option), value]);
  }

  has(option: PostgreyOption): boolean {
    return this.#values.has(option);
  }

  /** What stood behind the option; empty if nothing did, undefined if it was not given. */
  text(option: PostgreyOption): string | undefined {
    return this.#values.get(option)?.at(-1);
  }

  /** The option's number. Postgrey takes a 0 for an option that was not given. */
  number(option: PostgreyOption): number | undefined {
    const text = this.text(option);
    return text === undefined || Number(text) === 0 ? undefined : Number(text);
  }

  /** What stood behind it each time. */
  all(option: PostgreyOption): readonly string[] {
    return this.#values.get(option) ?? [];
  }
}

/**
 * Reads Postgrey's options as Postgrey does: by one or two dashes, a value behind a `=` or as the
 * next word, no abbreviations, no clusters, and what is no option is ignored.
 *
 * @throws UsageError
 */
export function parsePostgreyOptions(words: readonly string[]): PostgreyOptions {
  const options = new PostgreyOptions();
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') break;
    const [, written, value] = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    if (written === undefined) continue;
    const option = NAMES.get(written);
    if (option === undefined) throw new UsageError(`Unknown option: ${written}`);
    const read = valueOf(option, { written, value, next: words[at + 1] });
    options.add(option, read.value);
    if (read.isNext) at += 1;
  }
  return options;
}

interface Written {
  readonly written: string;
  readonly value: string | undefined;
  readonly next: string | undefined;
}

/** The value of an option, and whether it is the next word. */
function valueOf(
  option: PostgreyOption,
  { written, value, next }: Written,
): { readonly value: string; readonly isNext: boolean } {
  const { takes } = SPECS[option];
  if (takes === 'nothing') {
    if (value === undefined) return { value: '', isNext: false };
    throw new UsageError(`Option ${written} does not take an argument`);
  }
  const isNext = value === undefined && (takes !== 'number-or-nothing' || isNumber(next ?? ''));
  const found = isNext ? next : value;
  if (takes === 'number-or-nothing' && found === undefined) return { value: '', isNext: false };
  if (found === undefined || found === '') {
    throw new UsageError(`Option ${written} requires an argument`);
  }
  if (takes !== 'text' && !isNumber(found)) {
    throw new UsageError(`Value "${found}" invalid for option ${written} (number expected)`);
  }
  return { value: found, isNext };
}

function isNumber(text: string): boolean {
  return /^\d{1,9}$/.test(text);
}
