import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

/** What happened to one test; its name contains the names of the suites around it. */
export type TestOutcome =
  | { readonly kind: 'passed'; readonly name: string }
  | { readonly kind: 'failed'; readonly name: string; readonly error: string }
  | { readonly kind: 'skipped'; readonly name: string; readonly reason: string }
  /** All tests of the file have ended. */
  | { readonly kind: 'end' };

/** A reporter for node:test that writes each outcome as a line of JSON. */
export default async function* reportOutcomes(
  events: AsyncIterable<TestEvent>,
): AsyncGenerator<string, void> {
  const names: string[] = [];
  for await (const event of events) {
    if (event.type === 'test:start') names[event.data.nesting] = event.data.name;
    const outcome = outcomeOf(event, names);
    if (outcome !== undefined) yield `${JSON.stringify(outcome)}\n`;
  }
}

function outcomeOf(event: TestEvent, names: readonly string[]): TestOutcome | undefined {
  // The plan of the whole file is announced when it is over.
  if (event.type === 'test:plan' && event.data.nesting === 0) return { kind: 'end' };
  if (event.type !== 'test:pass' && event.type !== 'test:fail') return undefined;
  const { details, name: lastName, nesting, skip, todo } = event.data;
  const name = [...names.slice(0, nesting), lastName].join(' > ');
  const reason = reasonOf(skip, 'skipped') ?? reasonOf(todo, 'todo');
  if (reason !== undefined) return { kind: 'skipped', name, reason };
  const error = event.type === 'test:fail' ? event.data.details.error : undefined;
  const isSuite = details.type === 'suite';
  if (error === undefined) return isSuite ? undefined : { kind: 'passed', name };
  // A suite fails with each of its tests; by itself only if a hook of it does.
  if (isSuite && isFailureOfTests(error)) return undefined;
  return { kind: 'failed', name, error: explain(error) };
}

function reasonOf(mark: string | boolean | undefined, otherwise: string): string | undefined {
  if (mark === undefined || mark === false) return undefined;
  return typeof mark === 'string' && mark !== '' ? mark : otherwise;
}

function isFailureOfTests(error: Error): boolean {
  return 'failureType' in error && error.failureType === 'subtestsFailed';
}

/** The runner wraps what the test has thrown. */
function explain(error: Error): string {
  const thrown = error.cause ?? error;
  return typeof thrown === 'string' ? thrown : inspect(thrown, { depth: 8 });
}
