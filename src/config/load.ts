import { systemTimeZone } from '../greylist/strftime.js';
import { compileProgram } from '../rules/compile.js';
import type { CompiledProgram } from '../rules/compile.js';
import { finish, finishInTurns, type Steps, type Turns } from '../rules/steps.js';
import { conditionKinds } from '../rules/conditions/index.js';
import type { ListContents } from '../rules/list-store.js';
import type { Program } from '../rules/rule.js';
import { addressForms } from './address-forms.js';
import { invalidConfig } from './config-error.js';
import type { ConfigIssue } from './config-error.js';
import { isYamlFile, readConfigFile } from './config-file.js';
import { findDoubts } from './cross-checks.js';
import { diagnose, issueAt, placeOf, toCrossIssue } from './diagnose.js';
import type { Loading } from './diagnose.js';
import { readGreylistConf } from './greylist-conf/read.js';
import type { GreylistConfOptions } from './greylist-conf/read.js';
import { listFilePath, readLists } from './list-contents.js';
import type { ListSource, ReadLists } from './list-contents.js';
import { readListFile } from './list-file.js';
import type { ListFile, ListFiles } from './list-file.js';
import { originInFile, valueAt } from './origins.js';
import type { ConfigSource } from './origins.js';
import { parseOverride, withoutValue, withValue } from './overrides.js';
import type { Override } from './overrides.js';
import { findLookupDoubts } from './lookup-doubts.js';
import { findPolicyDoubts } from './policy-doubts.js';
import { decodeConfig, decodeLists } from './schema.js';
import type { Config } from './schema.js';
import type { Path } from './settings.js';
import { TRIAL_DEFAULTS, trialAdmin } from './trial-defaults.js';
import { readYaml } from './yaml-text.js';

/** What a configuration is made of; what comes later here goes on top of what comes earlier. */
export interface ConfigInputs {
  /** A file's name; without a file and a text, {@link TRIAL_DEFAULTS} apply. */
  readonly file?: string;
  /** The text to take instead of the file's; its name is then only for reports. */
  readonly text?: string;
  /** Arguments of `--listen`, instead of `listen.milter`. */
  readonly listen?: readonly string[];
  /** Arguments of `--policy`, instead of `listen.policy`. */
  readonly policy?: readonly string[];
  /** The argument of `--store`, instead of `store.url`. */
  readonly store?: string;
  /** The argument of `--pid-file`, instead of `pid-file`. */
  readonly pidFile?: string;
  /** Arguments of `--set`: `greylist.delay=60s`. */
  readonly overrides?: readonly string[];
  /** What holds where neither the file nor an option says otherwise, in place of our own defaults. */
  readonly defaults?: unknown;
  /** What options of another program come to; `--set` goes on top of it. */
  readonly options?: readonly Override[];
  /** Rules behind those of the file, each with the option that it comes from. */
  readonly rules?: readonly { readonly origin: string; readonly rule: unknown }[];
  /**
   * Lists of which a wrong entry is left out, with a warning, where it would be a mistake otherwise:
   * another program takes them.
   */
  readonly forgivingLists?: readonly string[];
  /** How a file of milter-greylist's is taken. */
  readonly greylistConf?: GreylistConfOptions;
  /** Told of each file that is about to be read; of those that only rules read, at the end. */
  readonly beforeReading?: (path: string) => Promise<void>;
  /** Whoever must not wait until long lists are read has his turn in between; nobody without it. */
  readonly turns?: Turns | undefined;
}

/** How its files are read. */
export type ConfigReading = Pick<ConfigInputs, 'beforeReading' | 'turns'>;

/** A configuration that can be used, and what is doubtful in it. */
export interface LoadedConfig {
  readonly config: Config;
  /** Its rules, compiled. */
  readonly program: Program;
  /** The entries of its lists, with those of their files. */
  readonly lists: ListContents;
  readonly warnings: readonly ConfigIssue[];
  /** What is done in another way than a file may suggest. */
  readonly notes: readonly ConfigIssue[];
  /** Says something of a setting, with the place where it is written, as of what only the machine can tell. */
  readonly issueAt: (path: Path, problem: string, hint?: string) => ConfigIssue;
}

function flagOverrides(inputs: ConfigInputs): readonly Override[] {
  const overrides: Override[] = [];
  for (const [option, setting] of [
    ['listen', 'milter'],
    ['policy', 'policy'],
  ] as const) {
    const addresses = inputs[option] ?? [];
    if (addresses.length === 0) continue;
    const origins = addresses.map((address) => `--${option} ${address}`);
    const path = ['listen', setting];
    overrides.push({ origin: origins.join(' '), origins, path, value: addresses });
  }
  if (inputs.store !== undefined) {
    const origin = `--store ${inputs.store}`;
    overrides.push({ origin, path: ['store', 'url'], value: inputs.store });
  }
  if (inputs.pidFile !== undefined) {
    const origin = `--pid-file ${inputs.pidFile}`;
    overrides.push({ origin, path: ['pid-file'], value: inputs.pidFile });
  }
  return overrides;
}

/** What came out of a class may have good reasons to change; bytes cannot be frozen. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Array.isArray(value);
}

function freeze<T>(value: T): T {
  if (!isPlain(value)) return value;
  Object.values(value).forEach(freeze);
  return Object.freeze(value);
}

/** What options go on top of. */
function baseOf(source: Loading['source'], defaults: unknown): unknown {
  if (source === undefined) return defaults ?? TRIAL_DEFAULTS;
  const written = source.yaml.value ?? {};
  return defaults === undefined ? written : withValue(defaults, [], written);
}

/** Each at its place behind the rules that there are, so that these keep theirs. */
function addedRules(base: unknown, added: ConfigInputs['rules'] & object): readonly Override[] {
  const rules = valueAt(base, ['rules']);
  const behind = Array.isArray(rules) ? rules.length : 0;
  return added.map(({ origin, rule }, index) => ({
    origin,
    path: ['rules', behind + index],
    value: rule,
  }));
}

function withTrialAdmin(input: unknown): unknown {
  const path = ['listen', 'admin'];
  if (valueAt(input, path) !== undefined) return input;
  return withValue(input, path, trialAdmin(valueAt(input, ['store', 'url'])));
}

/** What a file says; its name says in which language. */
function readSource(text: string, { file, greylistConf }: ConfigInputs): ConfigSource {
  const lines = text.split('\n');
  if (file === undefined || isYamlFile(file)) {
    return { name: file ?? 'text', lines, yaml: readYaml(text), findings: [], isOurs: true };
  }
  const yaml = readGreylistConf(text, greylistConf);
  return { name: file, lines, yaml, findings: yaml.findings, isOurs: false };
}

/** What a file of milter-greylist's is to be told of, but for what keeps it from being used. */
function findingsOf({ source }: Loading, wanted: 'note' | 'unsupported'): readonly ConfigIssue[] {
  if (source === undefined) return [];
  return source.findings
    .filter(({ kind }) => kind === wanted)
    .map(({ place, subject, problem, hint }) => ({
      ...originInFile(source, place),
      path: '',
      problem: `${subject} ${problem}`.trimStart(),
      hint,
    }));
}

/** A configuration's parts, and what the options among them are refused for. */
function prepare(inputs: ConfigInputs): {
  readonly loading: Loading;
  readonly refused: readonly ConfigIssue[];
} {
  const { text } = inputs;
  const source = text === undefined ? undefined : readSource(text, inputs);
  const parsed = (inputs.overrides ?? []).map(parseOverride);
  const refused = parsed.flatMap((result) => ('issues' in result ? result.issues : []));
  const base = baseOf(source, inputs.defaults);
  const overrides = [
    ...(inputs.options ?? []),
    ...addedRules(base, inputs.rules ?? []),
    ...flagOverrides(inputs),
    ...parsed.flatMap((result) => ('ok' in result ? [result.ok] : [])),
  ];
  const isMapping = typeof base === 'object' && base !== null && !Array.isArray(base);
  const put = (input: unknown, { path, value }: Override): unknown => withValue(input, path, value);
  const written = isMapping ? overrides.reduce(put, base) : base;
  const input = source === undefined ? withTrialAdmin(written) : written;
  return { loading: { source, overrides, input }, refused };
}

/** The list files that a configuration names, found before anything in it is checked. */
function namedFiles(input: unknown, key: 'file' | 'postgrey'): readonly string[] {
  if (typeof input !== 'object' || input === null) return [];
  const named = Array.isArray(input) ? undefined : valueAt(input, [key]);
  return typeof named === 'string'
    ? [named]
    : Object.values(input).flatMap((inner) => namedFiles(inner, key));
}

function readLoadedLists(
  loading: Loading,
  inputs: ConfigInputs,
  files: ListFiles,
): Steps<ReadLists> {
  const written = valueAt(loading.input, ['lists']);
  // One by one, so that files are read although another list is wrong.
  const lists = Object.entries(typeof written === 'object' ? (written ?? {}) : {}).map(
    ([name, list]: readonly [string, unknown]) => decodeLists({ [name]: list }),
  );
  const source: Omit<ListSource, 'lists'> = {
    configFile: inputs.file,
    files,
    forgiving: inputs.forgivingLists ?? [],
    placeOf: (path) => placeOf(path, loading),
    issueAt: (path, problem, hint) => issueAt({ path, problem, hint }, loading),
  };
  const sound = lists.flatMap((decoded) => ('ok' in decoded ? [decoded.ok] : []));
  const merged = Object.fromEntries(sound.flatMap((list) => Object.entries(list)));
  return readLists({ ...source, lists: merged });
}

function compileRules(
  config: Config,
  lists: ListContents,
  loading: Loading,
): Steps<CompiledProgram> {
  return compileProgram({
    rules: config.rules,
    messageRules: config['message-rules'],
    lists,
    kinds: conditionKinds,
    timeZone: systemTimeZone,
    definitions: {
      urls: config.lookups.urls,
      ldapQueries: config.lookups['ldap-queries'],
    },
    localAddress: config.lookups['local-address'] ?? undefined,
    addresses: addressForms(config.greylist),
    placeOf: (path) => placeOf(path, loading),
  });
}

/**
 * Makes a configuration of a text and options, without touching any file.
 *
 * @param files the list files that it names
 * @throws ConfigError with the code CONFIG_INVALID and everything that is wrong
 */
export function parseConfig(inputs: ConfigInputs, files: ListFiles = new Map()): LoadedConfig {
  return finish(parseInSteps(inputs, files));
}

function* parseInSteps(inputs: ConfigInputs, files: ListFiles): Steps<LoadedConfig> {
  const { loading, refused } = prepare(inputs);
  const decoded = decodeConfig(loading.input);
  const lists = yield* readLoadedLists(loading, inputs, files);
  const compiled =
    'ok' in decoded ? yield* compileRules(decoded.ok, lists.contents, loading) : undefined;
  const missing = compiled?.errors.map((error) => issueAt(error, loading)) ?? [];
  const objections = 'ok' in decoded ? [] : decoded.issues;
  const issues = [...diagnose(objections, [...lists.issues, ...missing], loading), ...refused];
  if (issues.length > 0 || !('ok' in decoded) || compiled === undefined)
    throw invalidConfig(issues);
  // The names of our settings say nothing to who has written a file of milter-greylist's.
  const told = (issue: ConfigIssue): ConfigIssue =>
    loading.source?.isOurs === false ? { ...issue, path: '' } : issue;
  const ofPolicy = findPolicyDoubts(decoded.ok, compiled.program);
  const ofLookups = findLookupDoubts(decoded.ok, compiled.program);
  const doubts = [
    ...findingsOf(loading, 'unsupported'),
    ...[...findDoubts(decoded.ok), ...ofPolicy.warnings, ...ofLookups].map((doubt) =>
      toCrossIssue(doubt, loading),
    ),
    ...compiled.warnings.map((warning) => issueAt(warning, loading)),
    ...lists.warnings,
  ];
  return {
    config: freeze(decoded.ok),
    program: compiled.program,
    lists: lists.contents,
    // What stands on the command line was meant for this one start: only a file is doubted.
    warnings: doubts.filter(({ line }) => line !== undefined).map(told),
    notes: [
      ...findingsOf(loading, 'note'),
      ...ofPolicy.notes.map((note) => told(toCrossIssue(note, loading))),
    ],
    issueAt: (path, problem, hint) => told(issueAt({ path, problem, hint }, loading)),
  };
}

/**
 * Loads the configuration: the file, or what suits trying the filter out if none is named, with the
 * list files that it names, and the command line's settings on top.
 *
 * @throws ConfigError if the file cannot be read, or with everything that is wrong in it and in its
 *   list files
 */
export async function loadConfig(inputs: ConfigInputs = {}): Promise<LoadedConfig> {
  const { file, beforeReading, turns } = inputs;
  const whole = await withText(inputs);
  const written = valueAt(prepare(whole).loading.input, ['lists']);
  const files = new Map<string, ListFile>();
  // Whoever is named as both has to be one of ours.
  for (const key of ['postgrey', 'file'] as const) {
    const paths = namedFiles(written, key).map((name) => listFilePath(name, file));
    for (const path of new Set(paths)) {
      await beforeReading?.(path);
      files.set(path, await readListFile(path, key));
    }
  }
  const steps = parseInSteps(whole, files);
  const loaded = turns === undefined ? finish(steps) : await finishInTurns(steps, turns);
  for (const path of loaded.config.lookups.geo) await beforeReading?.(path);
  return loaded;
}

async function withText(inputs: ConfigInputs): Promise<ConfigInputs> {
  const { file, beforeReading } = inputs;
  if (file === undefined || inputs.text !== undefined) return inputs;
  await beforeReading?.(file);
  return { ...inputs, text: await readConfigFile(file) };
}

/**
 * Some sections of a configuration alone, and the defaults of the others, whatever is wrong with these;
 * no other file is read.
 *
 * @param isWanted by the name of a section
 * @throws ConfigError if the file cannot be read, or with everything that is wrong in these sections
 */
export async function loadSections(
  inputs: ConfigInputs,
  isWanted: (section: string) => boolean,
): Promise<Config> {
  const { loading, refused } = prepare(await withText(inputs));
  const input = onlySections(loading.input, isWanted);
  const decoded = decodeConfig(input);
  const objections = 'ok' in decoded ? [] : decoded.issues;
  const issues = [...diagnose(objections, [], { ...loading, input }), ...refused];
  if (issues.length > 0 || !('ok' in decoded)) throw invalidConfig(issues);
  return freeze(decoded.ok);
}

function onlySections(input: unknown, isWanted: (section: string) => boolean): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  const sections = Object.keys(input).filter((section) => !isWanted(section));
  return sections.reduce<unknown>((rest, section) => withoutValue(rest, [section]), input);
}
