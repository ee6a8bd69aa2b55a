export const JSON_LINES = 'application/x-ndjson';

/** The headers of an answer that is JSON lines. */
export const jsonLines = { 'content-type': JSON_LINES } as const;
