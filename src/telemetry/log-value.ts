import { BEYOND_ASCII, escapeUnits, HIDDEN } from '../mail/hidden-characters.js';

/**
 * How values from anywhere are made harmless. A quoted value is a JSON string in both formats, so
 * that every tool that reads logfmt or JSON gets back exactly what was meant.
 */

/** Printable ASCII without space, `"`, `=` and `\`: what logfmt takes without quotes. */
const BARE: Uint8Array = new Uint8Array(128).fill(1, 0x21, 0x7f);
for (const character of '"=\\') BARE[character.charCodeAt(0)] = 0;

/** The same, where words may follow each other: a message that could be mistaken for no field. */
const BARE_WORDS = /^[!#-<>-[\]-~]+(?: [!#-<>-[\]-~]+)*$/;

/** What JSON takes between quotes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

function quote(value: string): string {
  return JSON.stringify(value).replace(HIDDEN, escapeUnits);
}

/** A value as it stands behind `key=` in a line of text: bare, or a JSON string. */
export function formatTextValue(value: string): string {
  return isBare(value) ? value : quote(value);
}

// A loop: values are short, and the engine of regular expressions takes longer to be called.
function isBare(value: string): boolean {
  for (let at = 0; at < value.length; at++) if (BARE[value.charCodeAt(at)] !== 1) return false;
  return value !== '';
}

/** A sentence at the head of a line: as it is, or a JSON string if it could be taken for more. */
export function formatTextSentence(sentence: string): string {
  return BARE_WORDS.test(sentence) ? sentence : quote(sentence);
}

/** A JSON string in pure ASCII. */
export function formatJsonString(value: string): string {
  if (PLAIN.test(value)) return `"${value}"`;
  return JSON.stringify(value).replace(BEYOND_ASCII, escapeUnits);
}

/**
 * Cuts what is longer than `maxChars`; `…` at the end shows it. Unbounded lines are a way to forge
 * one: journald begins a new line after 48 KiB.
 */
export function clip(value: string, maxChars: number): string {
  return value.length <= maxChars ? value : `${value.slice(0, maxChars)}…`;
}
