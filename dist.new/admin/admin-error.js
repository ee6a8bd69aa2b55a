/** What the admin interface, or its client, refuses. */
export class AdminError extends Error {
    code;
    constructor(code, message, options) {
        super(message, options);
        this.name = 'AdminError';
        this.code = code;
    }
}
//# sourceMappingURL=admin-error.js.map