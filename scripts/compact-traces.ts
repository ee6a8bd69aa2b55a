// Makes test/fixtures/traces/*.txt from recorded milter conversations: for each folder of recordings
// one file. Usage: node --import tsx scripts/compact-traces.ts FOLDER... DESTINATION
// test/fixtures/traces/README.md describes both forms.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What is kept of a payload whose recording was cut; the reader of the files fills it up again. */
const cutBytes = 64;

interface Row {
  readonly conversation: string;
  readonly direction: '>' | '<';
  readonly command: string;
  readonly payload: Buffer;
  readonly fullBytes: number;
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function text(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function rowOf(line: string): Row | undefined {
  const fields: unknown = JSON.parse(line);
  if (!isFields(fields) || fields['dir'] === undefined) return undefined;
  const payload = Buffer.from(text(fields, 'payload'), 'hex');
  const fullBytes = fields['payload_truncated'];
  return {
    conversation: `${text(fields, 'filter')}${text(fields, 'conn')}`,
    direction: fields['dir'] === 'mta>filter' ? '>' : '<',
    command: text(fields, 'cmd'),
    payload,
    fullBytes: typeof fullBytes === 'number' ? fullBytes : payload.length,
  };
}

function escapeByte(byte: number): string {
  if (byte === 0) return '\\0';
  if (byte === 0x5c) return '\\\\';
  if (byte > 0x1f && byte < 0x7f) return String.fromCharCode(byte);
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

function formatRow({ direction, command, payload, fullBytes }: Row): string {
  const isCut = payload.length < fullBytes;
  const kept = isCut ? payload.subarray(0, cutBytes) : payload;
  const shown = Array.from(kept, escapeByte).join('').replace(/ $/, '\\x20');
  return `${direction}${command}${isCut ? String(fullBytes) : ''} ${shown}`.trimEnd();
}

function formatScenario(scenario: string, lines: readonly string[]): string {
  const rows = lines.map(rowOf).filter((row) => row !== undefined);
  const conversations = [...new Set(rows.map((row) => row.conversation))];
  return conversations
    .map((conversation) => {
      const own = rows.filter((row) => row.conversation === conversation);
      return [`= ${scenario} ${conversation}`, ...own.map(formatRow), ''].join('\n');
    })
    .join('');
}

function main(given: readonly string[]): void {
  const destination = given.at(-1);
  const folders = given.slice(0, -1);
  if (destination === undefined || folders.length === 0) {
    process.stderr.write('usage: compact-traces.ts FOLDER... DESTINATION\n');
    process.exitCode = 64;
    return;
  }
  for (const folder of folders) {
    const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
    files.sort((a, b) => Number.parseInt(a) - Number.parseInt(b));
    const scenarios = files.map((name) => {
      const lines = readFileSync(join(folder, name), 'utf8').split('\n');
      return formatScenario(
        basename(name, '.jsonl'),
        lines.filter((line) => line !== ''),
      );
    });
    writeFileSync(join(destination, `${basename(folder)}.txt`), scenarios.join(''));
  }
}

main(process.argv.slice(2));
