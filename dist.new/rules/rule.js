/** No rules at all: everybody is greylisted. */
export const noProgram = {
    rules: [],
    messageRules: [],
    needs: { macros: [], headers: false, body: false, text: false, rawHeaders: false },
};
//# sourceMappingURL=rule.js.map