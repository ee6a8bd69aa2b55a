export {};
//# sourceMappingURL=attempt.js.map