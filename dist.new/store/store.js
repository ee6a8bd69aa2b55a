/** Every failure of a store. The message says what, where and what to do. */
export class StoreError extends Error {
    code;
    constructor(code, message, options) {
        super(message, options);
        this.name = 'StoreError';
        this.code = code;
    }
}
//# sourceMappingURL=store.js.map