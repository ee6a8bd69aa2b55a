import type { JsonFields } from '../../migrate/json-fields.js';
import { asciiJson } from '../../migrate/ascii-json.js';
import type { ConfigArguments } from '../arguments/config-options.js';
import { queryOf } from '../records/query-of.js';
import { exitCodes } from '../arguments/exit-codes.js';
import { followEvents } from '../records/live-events.js';
import type { Output } from '../terminal/output.js';
import { plain, type Paint, type Tone } from '../terminal/paint.js';
import { printable } from '../terminal/printable.js';
import { requireDaemon } from '../records/reach-daemon.js';

/** What `tail` takes. */
export type TailArguments = Pick<ConfigArguments, 'config' | 'store' | 'set'> & {
  readonly client?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly verdict?: string | undefined;
  readonly reason?: string | undefined;
  readonly limit?: number | undefined;
  readonly json?: boolean | undefined;
};

/**
 * `greymilter tail`: the decisions of the running filter while it makes them, until Ctrl-C.
 *
 * @throws ConfigError, AdminError; ADMIN_UNREACHABLE also when the filter ends
 */
export async function tail(args: TailArguments, output: Output): Promise<number> {
  const { client, from: sender, to: recipient, verdict, reason } = args;
  const daemon = await requireDaemon(args);
  const query = queryOf({ client, sender, recipient, verdict, reason });
  const { paint = plain } = output;
  let left = args.limit ?? Infinity;
  const onEvent = (decision: JsonFields): boolean => {
    const line = args.json === true ? asciiJson(decision) : formatDecision(decision, paint);
    output.print(`${line}\n`);
    left -= 1;
    return left <= 0;
  };
  await followEvents(daemon, `/v1/decisions?${query}`, { name: 'decision', onEvent }, output);
  return exitCodes.done;
}

const toneOf: Readonly<Record<string, Tone>> = {
  accept: 'good',
  tempfail: 'doubtful',
  reject: 'bad',
  discard: 'bad',
  quarantine: 'bad',
};

/** The words that logfmt takes without quotes. */
const BARE = /^[!#-<>-[\]-~]+$/;

/** A decision as the log has it in its text format, without the level. */
export function formatDecision({ time, verdict, ...fields }: JsonFields, paint: Paint): string {
  const said = String(verdict);
  const words = Object.entries({ reason: '', client: '-', ...fields }).map(
    ([name, value]) => `${printable(name)}=${formatValue(value)}`,
  );
  const tone = toneOf[said];
  const shown = `verdict=${formatValue(said)}`;
  return [formatValue(time), tone === undefined ? shown : paint(tone, shown), ...words].join(' ');
}

function formatValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  return BARE.test(text) ? text : printable(JSON.stringify(text));
}
