export {};
//# sourceMappingURL=lookups.js.map