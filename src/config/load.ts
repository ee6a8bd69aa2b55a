import { invalidConfig } from './config-error.js';
import type { ConfigIssue } from './config-error.js';
import { readConfigFile } from './config-file.js';
import { findDoubts } from './cross-checks.js';
import { diagnose, toCrossIssue } from './diagnose.js';
import type { Loading } from './diagnose.js';
import { parseOverride, withValue } from './overrides.js';
import type { Override } from './overrides.js';
import { decodeConfig } from './schema.js';
import type { Config } from './schema.js';
import { TRIAL_DEFAULTS } from './trial-defaults.js';
import { readYaml } from './yaml-text.js';

/** What a configuration is made of; what comes later here goes on top of what comes earlier. */
export interface ConfigInputs {
  /** A file's name; without a file and a text, {@link TRIAL_DEFAULTS} apply. */
  readonly file?: string;
  /** The text to take instead of the file's; its name is then only for reports. */
  readonly text?: string;
  /** Arguments of `--listen`, instead of `listen.milter`. */
  readonly listen?: readonly string[];
  /** The argument of `--store`, instead of `store.url`. */
  readonly store?: string;
  /** The argument of `--pid-file`, instead of `pid-file`. */
  readonly pidFile?: string;
  /** Arguments of `--set`: `greylist.delay=60s`. */
  readonly overrides?: readonly string[];
}

/** A configuration that can be used, and what is doubtful in it. */
export interface LoadedConfig {
  readonly config: Config;
  readonly warnings: readonly ConfigIssue[];
}

function flagOverrides(inputs: ConfigInputs): readonly Override[] {
  const overrides: Override[] = [];
  if (inputs.listen && inputs.listen.length > 0) {
    const origins = inputs.listen.map((address) => `--listen ${address}`);
    overrides.push({
      origin: origins.join(' '),
      origins,
      path: ['listen', 'milter'],
      value: inputs.listen,
    });
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

function freeze<T>(value: T): T {
  // The bytes of an address cannot be frozen; nobody has a reason to write to them.
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  Object.values(value).forEach(freeze);
  return Object.freeze(value);
}

/**
 * Makes a configuration of a text and options, without touching any file.
 *
 * @throws ConfigError with the code CONFIG_INVALID and everything that is wrong
 */
export function parseConfig(inputs: ConfigInputs): LoadedConfig {
  const { text } = inputs;
  const source =
    text === undefined ? undefined : { name: inputs.file ?? 'text', text, yaml: readYaml(text) };
  const parsed = (inputs.overrides ?? []).map(parseOverride);
  const refused = parsed.flatMap((result) => ('issues' in result ? result.issues : []));
  const overrides = [
    ...flagOverrides(inputs),
    ...parsed.flatMap((result) => ('ok' in result ? [result.ok] : [])),
  ];
  const base = source ? (source.yaml.value ?? {}) : TRIAL_DEFAULTS;
  const isMapping = typeof base === 'object' && !Array.isArray(base);
  const put = (input: unknown, { path, value }: Override): unknown => withValue(input, path, value);
  const loading: Loading = {
    source,
    overrides,
    input: isMapping ? overrides.reduce(put, base) : base,
  };
  const decoded = decodeConfig(loading.input);
  const issues = [...diagnose('ok' in decoded ? [] : decoded.issues, loading), ...refused];
  if (issues.length > 0 || !('ok' in decoded)) throw invalidConfig(issues);
  // What stands on the command line was meant for this one start: only a file is doubted.
  const doubts = findDoubts(decoded.ok).map((doubt) => toCrossIssue(doubt, loading));
  const warnings = doubts.filter(({ line }) => line !== undefined);
  return { config: freeze(decoded.ok), warnings };
}

/**
 * Loads the configuration: the file, or what suits trying the filter out if none is named, and the
 * command line's settings on top.
 *
 * @throws ConfigError if the file cannot be read, or with everything that is wrong in it
 */
export async function loadConfig(inputs: ConfigInputs = {}): Promise<LoadedConfig> {
  if (inputs.text !== undefined || inputs.file === undefined) return parseConfig(inputs);
  return parseConfig({ ...inputs, text: await readConfigFile(inputs.file) });
}
