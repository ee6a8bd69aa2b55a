import type { RecordOutline, RecordState } from './record-outline.js';

type States = Record<RecordState, number>;

/** How many of what a store holds, record by record. */
export class RecordTally {
  /** Records by their kind. */
  readonly kinds = new Map<string, number>();
  /** Triplets: clients of a sender and recipient. */
  readonly triplets: States = noStates();
  /** Clients that are exempt (autowhite), or on their way to it (pending). */
  readonly clients: States = noStates();
  /** Exceptions by hand that hold. */
  exceptions = 0;

  /** @param now epoch milliseconds */
  add(outline: RecordOutline, now: number): void {
    const { kind } = outline;
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    switch (kind) {
      case 'pair':
      case 'null-sender':
        addStates(this.triplets, outline, now);
        break;
      case 'client':
        addStates(this.clients, outline, now);
        break;
      case 'exceptions':
        this.exceptions += outline.clients(now).filter(({ state }) => state === 'autowhite').length;
    }
  }
}

function noStates(): States {
  return { pending: 0, passed: 0, autowhite: 0, ended: 0 };
}

function addStates(states: States, outline: RecordOutline, now: number): void {
  for (const { state } of outline.clients(now)) states[state] += 1;
}
