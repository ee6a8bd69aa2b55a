/** A log that cannot be what its settings say. */
export class LogError extends Error {
    name = 'LogError';
    code;
    constructor(code, message, options) {
        super(message, options);
        this.code = code;
    }
}
//# sourceMappingURL=logger.js.map