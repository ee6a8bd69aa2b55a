import type { Needs } from './condition.js';

/** All that is needed by one of several; what has no needs of its own may stand among them. */
export function mergeNeeds(several: readonly (Needs | undefined)[]): Required<Needs> {
  const needs = several.filter((one) => one !== undefined);
  return {
    macros: [...new Set(needs.flatMap(({ macros = [] }) => macros))],
    headers: needs.some(({ headers }) => headers === true),
    body: needs.some(({ body }) => body === true),
    text: needs.some(({ text }) => text === true),
    rawHeaders: needs.some(({ rawHeaders }) => rawHeaders === true),
  };
}
