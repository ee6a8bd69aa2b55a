import type {
  Action,
  EndOfMessageContext,
  MilterContext,
} from '../../../src/protocols/milter/index.js';

/** What a handler sees: these macros, and an MTA that is there. */
export function createContext(macros: Readonly<Record<string, string>> = {}): MilterContext {
  return {
    agreement: { version: 6, actions: 0, steps: 0 },
    gone: new AbortController().signal,
    allowMore: () => undefined,
    macro: (symbol) => macros[symbol],
  };
}

/** What was done to a message at its end. */
export interface Changes {
  readonly headers: readonly string[];
  readonly deleted: readonly string[];
  readonly quarantined: readonly string[];
}

/** An end of message that takes headers, or whatever else is allowed. */
export function createEndOfMessage(
  macros: Readonly<Record<string, string>> = { j: 'mx.example.org' },
  allowed: readonly Action[] = ['addHeaders'],
): EndOfMessageContext & Changes {
  const headers: string[] = [];
  const deleted: string[] = [];
  const quarantined: string[] = [];
  const refuse = (): never => {
    throw new Error('nobody asked for this');
  };
  return {
    ...createContext(macros),
    headers,
    deleted,
    quarantined,
    may: (action) => allowed.includes(action),
    addHeader: (name, value) => headers.push(`${name}: ${value}`),
    insertHeader: refuse,
    changeHeader: refuse,
    deleteHeader: refuse,
    changeSender: refuse,
    addRecipient: refuse,
    deleteRecipient: (address) => deleted.push(address),
    replaceBody: refuse,
    quarantine: (reason) => quarantined.push(reason),
    progress: refuse,
  };
}
