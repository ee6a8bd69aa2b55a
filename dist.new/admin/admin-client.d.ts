import type { JsonFields } from '../migrate/json-fields.js';
import { AdminError } from './admin-error.js';
/** Asks the admin interface of a running daemon, over one connection. */
export declare class AdminClient {
    #private;
    /** @param path of its socket */
    constructor(path: string);
    /** A JSON object. @throws AdminError */
    read(path: string): Promise<JsonFields>;
    /** Deletes what is at a path. @throws AdminError */
    delete(path: string): Promise<void>;
    /** A text, as it comes. @throws AdminError */
    stream(path: string): Promise<AsyncIterable<Uint8Array>>;
    /** Sends JSON lines, whose source must not fail, and yields what comes back line by line, while they are sent. @throws AdminError */
    send(path: string, body: AsyncIterable<string>): AsyncGenerator<JsonFields, void, undefined>;
    /** Ends the connection. */
    close(): void;
}
/** What a daemon has refused, in its words. */
export declare function problemFrom(text: string, statusCode: number): AdminError;
/** A daemon's problem as an error. */
export declare function refusalOf(problem: JsonFields, statusCode: number): AdminError;
