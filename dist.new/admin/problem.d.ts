/** Problem details (RFC 9457); `code` is one of the README's error codes. */
export interface Problem {
    readonly type: 'about:blank';
    readonly title: string;
    readonly status: number;
    readonly detail: string;
    readonly code: string;
}
/** How a problem is sent. */
export interface ProblemInit {
    readonly status: number;
    readonly headers: {
        readonly 'content-type': 'application/problem+json';
    };
}
/** What is told of an error. A bug's own words are for the log. */
export declare function problemOf(error: unknown): readonly [Problem, ProblemInit];
