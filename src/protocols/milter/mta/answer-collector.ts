import type { EventName } from '../events.js';
import { stepFlags } from '../flags.js';
import type { Agreement } from '../negotiation.js';
import type { PayloadReader } from '../payload-reader.js';
import { decodeAnswer, type FilterReply, type MessageChange } from './answers.js';
import type { PacketTaker } from './filter-channel.js';
import type { FilterFault } from './faults.js';

const noReply: FilterReply = Object.freeze({ kind: 'continue' });

/**
 * Reads the answer to one event after the other, and checks it: one verdict; changes and progress at
 * the end of a message only; only what was agreed on; a new body in one run.
 */
export class AnswerCollector implements PacketTaker {
  readonly #blame: (fault: FilterFault, detail: string) => void;
  #agreement: Agreement = { version: 0, actions: 0, steps: 0 };
  #event: EventName = 'connect';
  #reply = noReply;
  #changes: MessageChange[] = [];
  #progress = 0;
  #body: 'none' | 'running' | 'ended' = 'none';

  /** @param blame throws unless the fault is put up with */
  constructor(blame: (fault: FilterFault, detail: string) => void) {
    this.#blame = blame;
  }

  get event(): EventName {
    return this.#event;
  }

  get reply(): FilterReply {
    return this.#reply;
  }

  get changes(): readonly MessageChange[] {
    return this.#changes;
  }

  get progress(): number {
    return this.#progress;
  }

  /** Gets ready for the answer to an event. */
  expect(event: EventName, agreement: Agreement): void {
    this.#event = event;
    this.#agreement = agreement;
    this.#progress = 0;
    this.#body = 'none';
    if (this.#changes.length > 0) this.#changes = [];
  }

  take(command: number, reader: PayloadReader): boolean {
    const answer = decodeAnswer(command, reader);
    switch (answer.group) {
      case 'verdict':
        for (const fault of answer.faults) this.#blame(fault, this.#describe(command));
        this.#takeVerdict(answer.reply, command);
        return true;
      case 'progress':
        for (const fault of answer.faults) this.#blame(fault, this.#describe(command));
        this.#progress++;
        if (this.#event !== 'eom') this.#blame('progress-misplaced', this.#describe(command));
        return false;
      case 'change':
        this.#takeChange(answer.change, answer.action, command);
        return false;
      case 'fault':
        this.#blame(answer.fault, this.#describe(command));
        return false;
    }
  }

  #takeVerdict(reply: FilterReply, command: number): void {
    this.#reply = reply;
    const isMisplaced =
      reply.kind === 'discard'
        ? this.#event === 'connect' || this.#event === 'helo' || this.#event === 'unknown'
        : reply.kind === 'skip' &&
          (this.#event !== 'body' || (this.#agreement.steps & stepFlags.skip) === 0);
    if (isMisplaced) this.#blame('verdict-misplaced', this.#describe(command));
  }

  #takeChange(change: MessageChange, action: number, command: number): void {
    const shown = this.#describe(command);
    if (this.#event !== 'eom') {
      const isQuarantine = change.kind === 'quarantine';
      this.#blame(isQuarantine ? 'quarantine-misplaced' : 'change-misplaced', shown);
    }
    if ((this.#agreement.actions & action) === 0) this.#blame('change-not-negotiated', shown);
    if (change.kind !== 'replaceBody') {
      if (this.#body === 'running') this.#body = 'ended';
    } else {
      if (this.#body === 'ended') this.#blame('body-split', shown);
      this.#body = 'running';
    }
    this.#changes.push(change);
  }

  #describe(command: number): string {
    return `the filter answered ${this.#event} with ${JSON.stringify(String.fromCharCode(command))}`;
  }
}
