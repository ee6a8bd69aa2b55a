import type { NamedValues } from '../rules/lookups.js';

/** Reads what a server has said: lines of `key: value`. Whatever is no such line is left out. */
export function readAnswerLines(text: string): NamedValues {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, name = '', value = ''] = /^[ \t]*([\w-]+)[ \t]*:(.*)$/.exec(line) ?? [];
    return name === '' ? [] : [[name, value.trim()] as const];
  });
}
