/** Something that cannot be imported; the message says what to do. */
export class MigrateError extends Error {
    code;
    constructor(code, message, options) {
        super(message, options);
        this.name = 'MigrateError';
        this.code = code;
    }
}
//# sourceMappingURL=migrate-error.js.map