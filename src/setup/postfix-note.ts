import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { bytesOf, readIfThere, readKept, replaceText, textOf } from './kept-file.js';
import { SetupError } from './setup-error.js';

/** What is remembered beside main.cf, so that all of it can be taken back. */
export interface PostfixNote {
  /** What was written before, null for no line, by the parameter's name. */
  readonly before: Readonly<Record<string, string | null>>;
  /** What we wrote. */
  readonly wrote: Readonly<Record<string, string>>;
  /** Of main.cf as we left it; null if others had changed it between two of our changes. */
  readonly sha256: string | null;
}

/** The remembered, undefined if there is nothing. @throws SetupError */
export async function readNote(mainFile: string): Promise<PostfixNote | undefined> {
  const text = await readIfThere(noteOf(mainFile));
  if (text === undefined) return undefined;
  try {
    const note: unknown = JSON.parse(textOf(text));
    if (isNote(note)) return note;
  } catch (cause) {
    throw damaged(mainFile, cause);
  }
  throw damaged(mainFile, undefined);
}

/** Remembers a change that has just been made on top of what was remembered before it. */
export async function writeNote(
  mainFile: string,
  change: Pick<PostfixNote, 'before' | 'wrote'>,
  { earlier, isOurs }: { readonly earlier: PostfixNote | undefined; readonly isOurs: boolean },
): Promise<void> {
  const note: PostfixNote = {
    before: { ...earlier?.before, ...change.before, ...stillBefore(change.before, earlier) },
    wrote: { ...earlier?.wrote, ...change.wrote },
    sha256: isOurs ? hashOf(await readKept(mainFile)) : null,
  };
  await replaceText(noteOf(mainFile), bytesOf(`${JSON.stringify(note, null, 2)}\n`), mainFile);
}

/** Where a change has found what we wrote, what counts is what was there before that. */
function stillBefore(
  found: PostfixNote['before'],
  earlier: PostfixNote | undefined,
): PostfixNote['before'] {
  const before = Object.entries(earlier?.before ?? {});
  return Object.fromEntries(before.filter(([name]) => found[name] === earlier?.wrote[name]));
}

/** Forgets it. */
export async function removeNote(mainFile: string): Promise<void> {
  await rm(noteOf(mainFile), { force: true });
}

/** Of a file that was read with a character for each byte. */
export function hashOf(bytes: string): string {
  return createHash('sha256').update(bytes, 'latin1').digest('hex');
}

function noteOf(mainFile: string): string {
  return `${mainFile}.greymilter.json`;
}

function damaged(mainFile: string, cause: unknown): SetupError {
  const message = `${noteOf(mainFile)} is not what was written there; remove it, and main.cf is changed value by value`;
  return new SetupError('SETUP_NOT_UNDERSTOOD', message, { cause });
}

function isNote(value: unknown): value is PostfixNote {
  if (typeof value !== 'object' || value === null) return false;
  if (!('before' in value && 'wrote' in value && 'sha256' in value)) return false;
  const { before, wrote, sha256 } = value;
  return (
    isTexts(before, (each) => each === null || typeof each === 'string') &&
    isTexts(wrote, (each) => typeof each === 'string') &&
    (sha256 === null || typeof sha256 === 'string')
  );
}

function isTexts(value: unknown, isText: (each: unknown) => boolean): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(isText);
}
