import { MigrateError } from '../migrate/migrate-error.js';
import { AdminError } from './admin-error.js';
const titles = {
    400: 'Bad Request',
    404: 'Not Found',
    415: 'Unsupported Media Type',
    422: 'Unprocessable Content',
    500: 'Internal Server Error',
    503: 'Service Unavailable',
};
const statusOfCode = {
    ADMIN_BAD_REQUEST: 400,
    ADMIN_NOT_FOUND: 404,
    ADMIN_CONTENT_TYPE: 415,
    ADMIN_UNREACHABLE: 503,
    ADMIN_PERMISSION: 503,
    ADMIN_FAILED: 500,
};
/** What is told of an error. A bug's own words are for the log. */
export function problemOf(error) {
    const { status, code, detail } = describe(error);
    const title = titles[status] ?? 'Error';
    return [
        { type: 'about:blank', title, status, detail, code },
        { status, headers: { 'content-type': 'application/problem+json' } },
    ];
}
function describe(error) {
    if (error instanceof AdminError) {
        return { status: statusOfCode[error.code], code: error.code, detail: error.message };
    }
    if (error instanceof MigrateError) {
        return { status: 422, code: error.code, detail: error.message };
    }
    // Stores throw nothing else, and this folder does not know them.
    if (error instanceof Error && error.name === 'StoreError' && 'code' in error) {
        return { status: 503, code: String(error.code), detail: error.message };
    }
    return { status: 500, code: 'ADMIN_FAILED', detail: 'the log of the daemon says more' };
}
//# sourceMappingURL=problem.js.map