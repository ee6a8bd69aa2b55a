/** Why the admin interface does not do what it was asked. */
export type AdminErrorCode = 
/** The question makes no sense; the message says what of it. */
'ADMIN_BAD_REQUEST'
/** There is no such record, or no such path. */
 | 'ADMIN_NOT_FOUND'
/** What was sent is no JSON lines. */
 | 'ADMIN_CONTENT_TYPE'
/** The daemon does not answer, or not as one of ours. */
 | 'ADMIN_UNREACHABLE' | 'ADMIN_PERMISSION'
/** The daemon has failed; its log says more. */
 | 'ADMIN_FAILED';
/** What the admin interface, or its client, refuses. */
export declare class AdminError extends Error {
    readonly code: AdminErrorCode;
    constructor(code: AdminErrorCode, message: string, options?: ErrorOptions);
}
