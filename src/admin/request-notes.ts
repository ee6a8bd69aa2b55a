/** What is known of a request beside what it says. */
export interface RequestNotes {
  /** The address it came from; undefined over the admin socket. */
  readonly peer: string | undefined;
  /** Who asks, as far as that can be known: the socket, or the name of a token. */
  by: string | undefined;
  /** How many records it has changed. */
  records: number | undefined;
}

const notes = new WeakMap<Request, RequestNotes>();

/** The notes of a request, from which routes and the audit take what the request cannot say. */
export function notesOf(request: Request): RequestNotes {
  let found = notes.get(request);
  if (found === undefined) {
    found = { peer: undefined, by: undefined, records: undefined };
    notes.set(request, found);
  }
  return found;
}

/** Begins the notes of a request that has just come. */
export function beginNotes(request: Request, peer: string | undefined): void {
  notes.set(request, { peer, by: undefined, records: undefined });
}
