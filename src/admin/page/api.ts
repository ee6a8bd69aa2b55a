import type { LookupReading, RuleReading } from '../insight.js';
import type { ShownException } from '../exception-records.js';
import type { StatisticsReport } from '../statistics-report.js';
import type { DaemonStatus, ShownImpairment } from '../status.js';

/** What the page itself has to know. */
export interface PageState {
  readonly version: string;
  readonly isReady: boolean;
  readonly mode: string;
  readonly impairments: readonly ShownImpairment[];
  readonly mayWrite: boolean;
  readonly delaySeconds: number;
  readonly statistics: { readonly keepSeconds: number; readonly names: boolean };
}

/** A client of a stored record. */
export interface StoredSource {
  readonly address: string;
  readonly prefix: number;
  readonly name?: string;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly attempts: number;
  readonly passedAt?: string;
  readonly acceptAt?: string;
  readonly expiresAt: string;
}

/** A record of a sender and a recipient. */
export interface StoredRecord {
  readonly id: string;
  readonly kind: string;
  readonly sender?: string;
  readonly recipient?: string;
  readonly network?: string;
  readonly sources?: readonly StoredSource[];
  readonly series?: { readonly returns: number; readonly firstAt: string };
}

/** Some records, and where the others begin. */
export interface RecordPage {
  readonly records: readonly StoredRecord[];
  readonly next?: string;
}

/** What can be asked, by its path. */
export interface Answers {
  page: PageState;
  statistics: StatisticsReport;
  status: DaemonStatus;
  rules: { readonly countedSince: string; readonly rules: readonly RuleReading[] };
  lookups: { readonly lookups: readonly LookupReading[] };
  records: RecordPage;
  exceptions: { readonly exceptions: readonly ShownException[] };
}

/** What the filter refuses, in its words. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const TOKEN = 'greymilter-token';

/** Kept as long as this tab is open, and in no other. */
export const token = {
  get: (): string | null => sessionStorage.getItem(TOKEN),
  set: (value: string): void => sessionStorage.setItem(TOKEN, value),
  forget: (): void => sessionStorage.removeItem(TOKEN),
};

/** What is sent, and only meant for what has this tag. */
export interface Sent {
  readonly json: string;
  readonly ifMatch: string;
}

/** Parameters of a question. */
export type Query = Readonly<Record<string, string>>;

/** Asks the filter. @throws RefusedError, TypeError if it cannot be reached */
export async function ask<Name extends keyof Answers>(
  name: Name,
  query: Query = {},
): Promise<Answers[Name]> {
  const answer = await send('GET', pathOf(name, query));
  // What the filter answers at its own paths.
  return (await answer.json()) as Answers[Name];
}

/** Has something changed. @throws RefusedError, TypeError if it cannot be reached */
export async function change(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  query: Query = {},
  sent?: Sent,
): Promise<unknown> {
  const answer = await send(method, pathOf(path, query), sent);
  const text = await answer.text();
  return text === '' ? undefined : JSON.parse(text);
}

function pathOf(name: string, query: Query): string {
  const parameters = new URLSearchParams(query).toString();
  return `v1/${name}${parameters === '' ? '' : `?${parameters}`}`;
}

async function send(method: string, path: string, sent?: Sent): Promise<Response> {
  const headers = new Headers();
  const known = token.get();
  if (known !== null) headers.set('authorization', `Bearer ${known}`);
  // What changes something says what it sends, also nothing: another site's form could not.
  if (method !== 'GET') headers.set('content-type', 'application/json');
  if (sent !== undefined) headers.set('if-match', sent.ifMatch);
  const body = sent?.json ?? null;
  const answer = await fetch(path, { method, headers, body, cache: 'no-store' });
  if (answer.ok) return answer;
  throw new RefusedError(answer.status, await problemOf(answer));
}

async function problemOf(answer: Response): Promise<string> {
  try {
    // Problem details, or whatever stands between us and the filter.
    const { detail } = (await answer.json()) as { readonly detail?: unknown };
    if (typeof detail === 'string') return detail;
  } catch {
    // No JSON: the status says enough.
  }
  return `the filter answers ${answer.status}`;
}
