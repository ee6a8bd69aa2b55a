import { hostname } from 'node:os';
import { createLogger as createWinston, format as winstonFormat } from 'winston';
import type { Decision } from '../greylist/decision.js';
import { milterGreylistFormat } from './milter-greylist-format.js';
import { jsonFormat } from './json-format.js';
import type { LineFormat } from './line-format.js';
import { LineTransport, MESSAGE } from './line-transport.js';
import { LineWriter } from './line-writer.js';
import { openLogFile, type LogFile } from './log-file.js';
import type {
  LogDestination,
  LogFields,
  LogFormatName,
  LogLevel,
  LogSettings,
  ManagedLogger,
} from './logger.js';
import { postgreyFormat, withSyslogHead } from './postgrey-format.js';
import { openPseudonyms } from './pseudonyms.js';
import { forSyslog, POSTGREY_SEVERITIES } from './syslog-format.js';
import { openSyslog, type SyslogUser } from './syslog-pipe.js';
import { textFormat } from './text-format.js';
import { createTimeStamp } from './time-stamp.js';

/** The smaller, the more important; winston's way of ordering. */
const RANKS = { error: 0, warn: 1, info: 2, debug: 3 } as const satisfies Record<LogLevel, number>;

const FORMATS: Readonly<Record<LogFormatName, LineFormat>> = { text: textFormat, json: jsonFormat };

/** Lines in the words of others; in files they are known by the same names as in syslog. */
const FOREIGN: Readonly<
  Record<'postgrey' | 'milter-greylist', readonly [LineFormat, typeof POSTGREY_SEVERITIES?]>
> = {
  postgrey: [postgreyFormat, POSTGREY_SEVERITIES],
  'milter-greylist': [milterGreylistFormat],
};

/** What the logger needs at its making; a reload can change all but the clock. */
export interface LoggerOptions extends LogSettings {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Whom the process that writes to syslog is to run as. */
  readonly syslogUser?: SyslogUser | undefined;
}

function isSameLog(one: LogDestination, other: LogDestination): boolean {
  if (one.kind === 'file') return other.kind === 'file' && one.path === other.path;
  return one.kind === other.kind;
}

function formatFor({
  format,
  style = 'greymilter',
  to,
}: Pick<LogSettings, 'format' | 'style' | 'to'>): LineFormat {
  if (style !== 'greymilter' && format === 'text') return foreignFormatFor(style, to);
  return to.kind === 'syslog' ? forSyslog(FORMATS[format]) : FORMATS[format];
}

function foreignFormatFor(style: keyof typeof FOREIGN, to: LogDestination): LineFormat {
  const [format, severities] = FOREIGN[style];
  switch (to.kind) {
    case 'syslog':
      return forSyslog(format, severities);
    case 'file':
      return withSyslogHead(format, { host: hostname(), tag: style, pid: process.pid });
    // The journal has times of its own.
    case 'console':
      return format;
  }
}

/** Lines come finished; this is where any other transport of winston's would look for them. */
const finished = winstonFormat((entry) => {
  entry[MESSAGE] = entry.message;
  return entry;
});

/**
 * Opens the log. Lines are formatted before winston sees them, because a line that the level
 * leaves out should cost nothing, and because our formats want typed values; winston carries the
 * messages to its transports.
 * @throws LogError if the destination cannot be opened.
 */
export function createLogger(options: LoggerOptions): ManagedLogger {
  const { now, syslogUser } = options;
  const open = (where: LogDestination): LogFile =>
    where.kind === 'syslog' ? openSyslog(where, syslogUser) : openLogFile(where);
  const stamp = createTimeStamp();
  let { to } = options;
  let rank: number = RANKS[options.level];
  let format = formatFor(options);
  let pseudonyms = openPseudonyms(options.privacy ?? null);

  const writer = new LineWriter(open(to), (dropped, code) =>
    format.message(stamp(now()), {
      level: 'warn',
      message: 'log lines were dropped',
      fields: { dropped, error: code === '' ? undefined : code },
    }),
  );
  const winston = createWinston({
    levels: RANKS,
    level: options.level,
    format: finished(),
    // It is one: but winston's typings import the class as a module, which makes it another type.
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
    transports: new LineTransport(writer),
  });

  const message = (
    wanted: LogLevel,
    text: string,
    fields: LogFields | undefined,
    origin?: 'rule',
  ): void => {
    const level = format.levelOfMessage?.(text, wanted) ?? wanted;
    if (RANKS[level] > rank) return;
    const shown = fields && pseudonyms ? pseudonyms.fields(fields) : fields;
    const said = { level, message: text, fields: shown, origin };
    const at = stamp(now());
    if (format.besideMessage !== undefined && rank >= RANKS.debug) {
      for (const aside of format.besideMessage(at, said))
        winston.log({ level: 'debug', message: aside });
    }
    winston.log({ level, message: format.message(at, said) });
  };
  const setLevel = (level: LogLevel): void => {
    rank = RANKS[level];
    winston.level = level;
  };

  return {
    error: (text, fields) => message('error', text, fields),
    warn: (text, fields) => message('warn', text, fields),
    info: (text, fields, origin) => message('info', text, fields, origin),
    debug: (text, fields) => message('debug', text, fields),
    get isDebug() {
      return rank >= RANKS.debug;
    },
    decision: (decision: Decision, wanted: LogLevel = 'info') => {
      const level = format.levelOf?.(decision, wanted) ?? wanted;
      if (RANKS[level] > rank) return;
      const shown = pseudonyms?.decision(decision) ?? decision;
      const at = stamp(decision.at);
      if (format.besideDecision !== undefined && rank >= RANKS.debug) {
        for (const aside of format.besideDecision(at, shown)) writer.write(aside);
      }
      // There is one for each recipient, and winston's streams would cost more than all else here.
      writer.write(format.decision(at, shown, level));
    },
    setLevel,
    reconfigure: (settings) => {
      const next = openPseudonyms(settings.privacy ?? null);
      const file = open(settings.to);
      pseudonyms = next;
      writer.redirect(file, isSameLog(to, settings.to) ? 'move' : 'stay');
      to = settings.to;
      format = formatFor(settings);
      setLevel(settings.level);
    },
    reopen: () => {
      writer.redirect(open(to), 'move');
    },
    flush: () => {
      writer.flush();
    },
    close: () => writer.close(),
    get droppedLines() {
      return writer.droppedLines;
    },
  };
}
