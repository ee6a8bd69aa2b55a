import { milterGreylistAddress } from '../mail/milter-greylist-address.js';
import { MAX_MESSAGE_VALUE, type LogMessage } from './line-format.js';
import { clip, formatTextSentence, formatTextValue } from './log-value.js';
import type { LogFields, LogLevel } from './logger.js';

/** MTAs make them of letters and digits; our own, which stand in for them, have a dot. */
const QUEUE_ID = /^[A-Za-z0-9]{1,64}$/;

/** A queue id as milter-greylist writes it, which has words for none. */
export function queueId(id: string): string {
  return QUEUE_ID.test(id) ? id : '(unknown id)';
}

/** What stands in quotes, or where no address does: nothing that looks like the end of it. */
function plain(value: LogFields[string]): string {
  return withoutControls(String(value ?? '')).replace(/"/g, '?');
}

function withoutControls(text: string): string {
  return clip(text, MAX_MESSAGE_VALUE).replace(/[^ -~]/g, '?');
}

/** Whom a triplet is of. */
function tripletOf({ client, from, to }: LogFields): string {
  const [sender, recipient] = [from, to].map((one) => milterGreylistAddress(String(one)));
  return `${String(client)} from <${sender ?? ''}> to <${recipient ?? ''}>`;
}

/** What has become of a triplet at its end. */
function formatExpired(fields: LogFields): string {
  const isKnown = fields['outcome'] === 'passed';
  const end = isKnown ? 'autowhitelisted entry expired' : 'greylisted entry timed out';
  return `(local): ${tripletOf(fields)}: ${end}`;
}

function formatRemoved(fields: LogFields): string {
  return `removed: ${tripletOf(fields)}`;
}

/** What a rule's flushaddr has come to, which is told once it is done. */
function formatFlushed({ id, client, removed, rule, line }: LogFields): string {
  const acl = plain(line ?? rule);
  return `${queueId(String(id))}: addr ${String(client)} flushed, removed ${String(removed)} grey and autowhite (ACL ${acl})`;
}

function formatReloading({ files }: LogFields): string {
  return `reloading config file "${plain(files)}"`;
}

/** With the time it took, which we have in microseconds. */
function formatReloaded({ file, took }: LogFields): string {
  if (file === undefined || typeof took !== 'number') return 'reloaded config file';
  return `reloaded config file "${plain(file)}" in ${(took / 1e6).toFixed(6)}s`;
}

function formatNoDump({ file }: LogFields): string {
  return `cannot read dumpfile "${plain(file)}"`;
}

function formatRate({ rate, seen, over, counted, seconds, key }: LogFields): string {
  const limit = `${String(over)} ${String(counted)} / ${String(seconds)} sec`;
  return `ratelimit overflow for class ${plain(rate)}: ${String(seen)}, limit is ${limit}, key = "${plain(key)}"`;
}

/** Messages that it has a sentence of its own for, with what it is about. */
const SENTENCES: Readonly<Record<string, (fields: LogFields) => string>> = {
  'a rate is exceeded': formatRate,
  'client forgotten': formatFlushed,
  'configuration reloaded': formatReloaded,
  'reloading, since files have changed': formatReloading,
  stopped: () => 'smfi_main() returned 0',
  'store.import is not there, so nothing is taken over': formatNoDump,
  'triplet expired': formatExpired,
  'triplet forgotten': formatRemoved,
};

/** A message of the daemon in milter-greylist's words, or in ours where it has none; a rule's text stands alone. */
export function formatMessage(_at: string, { message, fields = {}, origin }: LogMessage): string {
  if (origin === 'rule') return withoutControls(message);
  const own = Object.hasOwn(SENTENCES, message) ? SENTENCES[message] : undefined;
  if (own !== undefined) return own(fields);
  let line = formatTextSentence(clip(message, MAX_MESSAGE_VALUE));
  for (const key in fields) {
    const value = fields[key];
    if (value === undefined) continue;
    line += ` ${key}=${formatTextValue(clip(String(value), MAX_MESSAGE_VALUE))}`;
  }
  return line;
}

/** What it says of triplets that have come to their end, as of all that it takes out. */
export function besideMessage(_at: string, { message, fields }: LogMessage): readonly string[] {
  return message === 'triplet expired' && fields !== undefined ? [formatRemoved(fields)] : [];
}

/** It warns of rates, of which we say nothing but at debug level. */
export function levelOfMessage(message: string, level: LogLevel): LogLevel {
  return message === 'a rate is exceeded' ? 'warn' : level;
}
