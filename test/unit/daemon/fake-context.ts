import type { EndOfMessageContext, MilterContext } from '../../../src/protocols/milter/index.js';

/** What a handler sees: these macros, and an MTA that is there. */
export function createContext(macros: Readonly<Record<string, string>> = {}): MilterContext {
  return {
    agreement: { version: 6, actions: 0, steps: 0 },
    gone: new AbortController().signal,
    macro: (symbol) => macros[symbol],
  };
}

/** An end of message that takes headers, and nothing else. */
export function createEndOfMessage(
  macros: Readonly<Record<string, string>> = { j: 'mx.example.org' },
): EndOfMessageContext & { readonly headers: readonly string[] } {
  const headers: string[] = [];
  const refuse = (): never => {
    throw new Error('nobody asked for this');
  };
  return {
    ...createContext(macros),
    headers,
    may: (action) => action === 'addHeaders',
    addHeader: (name, value) => headers.push(`${name}: ${value}`),
    insertHeader: refuse,
    changeHeader: refuse,
    deleteHeader: refuse,
    changeSender: refuse,
    addRecipient: refuse,
    deleteRecipient: refuse,
    replaceBody: refuse,
    quarantine: refuse,
    progress: refuse,
  };
}
