export {};
//# sourceMappingURL=parsed.js.map