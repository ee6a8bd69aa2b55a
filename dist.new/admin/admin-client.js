import { Agent, request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { asFields, parseFields } from '../migrate/json-fields.js';
import { readLines } from '../migrate/read-lines.js';
import { AdminError } from './admin-error.js';
/** A daemon that cannot even begin to answer within this time hangs. */
const ANSWER_MS = 30_000;
/** Asks the admin interface of a running daemon, over one connection. */
export class AdminClient {
    #path;
    #agent = new Agent({ keepAlive: true, maxSockets: 1 });
    /** @param path of its socket */
    constructor(path) {
        this.#path = path;
    }
    /** A JSON object. @throws AdminError */
    async read(path) {
        const answer = await this.#ask({ method: 'GET', path });
        return fieldsOf(await textOf(answer));
    }
    /** Deletes what is at a path. @throws AdminError */
    async delete(path) {
        const answer = await this.#ask({ method: 'DELETE', path });
        await textOf(answer);
    }
    /** A text, as it comes. @throws AdminError */
    async stream(path) {
        return bytesOf(await this.#ask({ method: 'GET', path }));
    }
    /** Sends JSON lines, whose source must not fail, and yields what comes back line by line, while they are sent. @throws AdminError */
    async *send(path, body) {
        const answer = await this.#ask({ method: 'POST', path, body });
        for await (const lines of readLines(bytesOf(answer))) {
            for (const line of lines)
                yield fieldsOf(line);
        }
    }
    /** Ends the connection. */
    close() {
        this.#agent.destroy();
    }
    async #ask(question) {
        const answer = await this.#send(question);
        const { statusCode = 0 } = answer;
        if (statusCode >= 200 && statusCode < 300)
            return answer;
        throw problemFrom(await textOf(answer), statusCode);
    }
    #send({ method, path, body }) {
        return new Promise((resolve, reject) => {
            const headers = body === undefined ? {} : { 'content-type': 'application/x-ndjson' };
            const socketPath = this.#path;
            const outgoing = request({ socketPath, agent: this.#agent, method, path, headers }, resolve);
            outgoing.once('error', (error) => reject(this.#unreachable(error)));
            if (body === undefined) {
                outgoing.setTimeout(ANSWER_MS, () => outgoing.destroy(new Error('it does not answer')));
                outgoing.end();
                return;
            }
            // What breaks after an answer has begun is told by the answer, which then has no end.
            pipeline(Readable.from(body), outgoing).catch((error) => {
                reject(this.#unreachable(error instanceof Error ? error : new Error(String(error))));
            });
        });
    }
    #unreachable(cause) {
        const reason = cause.message;
        if ('code' in cause && (cause.code === 'EACCES' || cause.code === 'EPERM')) {
            const message = `no permission for ${this.#path}: call as root, as the filter's user, or as a member of the socket's group`;
            return new AdminError('ADMIN_PERMISSION', message, { cause });
        }
        const message = `the filter does not answer at ${this.#path}: ${reason}`;
        return new AdminError('ADMIN_UNREACHABLE', message, { cause });
    }
}
async function textOf(answer) {
    const chunks = [];
    for await (const chunk of bytesOf(answer))
        chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
}
async function* bytesOf(answer) {
    try {
        // A stream without an encoding.
        for await (const chunk of answer)
            yield chunk;
    }
    catch (error) {
        const message = 'the filter has cut its answer short: it was stopped, or its log says more';
        throw new AdminError('ADMIN_UNREACHABLE', message, { cause: error });
    }
}
function fieldsOf(text) {
    try {
        return parseFields(text);
    }
    catch (error) {
        const message = 'what answers is no greymilter: listen.admin must be a socket of its own';
        throw new AdminError('ADMIN_UNREACHABLE', message, { cause: error });
    }
}
/** What a daemon has refused, in its words. */
export function problemFrom(text, statusCode) {
    let problem = {};
    try {
        problem = asFields(parseFields(text), 'the answer');
    }
    catch {
        // Not even a problem in JSON: the status says enough.
    }
    return refusalOf(problem, statusCode);
}
/** A daemon's problem as an error. */
export function refusalOf(problem, statusCode) {
    const { code, detail } = problem;
    const known = codes.find((each) => each === code);
    const message = typeof detail === 'string' ? detail : `the filter answers ${statusCode}`;
    return new AdminError(known ?? 'ADMIN_FAILED', message);
}
const codes = [
    'ADMIN_BAD_REQUEST',
    'ADMIN_NOT_FOUND',
    'ADMIN_CONTENT_TYPE',
];
//# sourceMappingURL=admin-client.js.map