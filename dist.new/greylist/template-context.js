export {};
//# sourceMappingURL=template-context.js.map