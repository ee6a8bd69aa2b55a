import { readFileSync } from 'node:fs';
import type { Machine } from './machine.js';
import type { Measured } from './measure.js';
import type { Report } from './report.js';

/** A report, as far as one is like the other: it says what was measured on, and has tables. */
export type Tables = Readonly<Record<string, unknown>> & { readonly machine: Machine };

/** Reads a report that `--json` has written. @throws TypeError if it is none */
export function readReport(file: string): Tables {
  const report = readJson(file);
  if (!isReport(report)) throw new TypeError(`${file} is no report of scripts/bench`);
  return report;
}

/** Reads one of a run without a mode. @throws TypeError if it is none */
export function readLoadReport(file: string): Report {
  const report = readReport(file);
  if (!areMeasured(report['rows']) || !areMeasured(report['mixes']))
    throw new TypeError(`${file} is no report of scripts/bench without a mode`);
  // It has the one table that no other report has.
  return report as unknown as Report;
}

function readJson(file: string): unknown {
  const text = readFileSync(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TypeError(`${file} is no JSON: ${String(error)}`, { cause: error });
  }
}

// Its tables are looked at when they are compared.
function isReport(value: unknown): value is Tables {
  if (!isObject(value) || !isObject(value['machine'])) return false;
  const { version, memoryBytes } = value['machine'];
  return typeof version === 'string' && typeof memoryBytes === 'number';
}

/** Whether these are rows that were measured in turns. */
export function areMeasured(rows: unknown): rows is readonly Measured[] {
  return Array.isArray(rows) && rows.every((row) => isObject(row) && Array.isArray(row['turns']));
}

/** Whether it has fields; an array has them as well. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
