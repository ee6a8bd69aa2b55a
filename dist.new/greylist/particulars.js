export {};
//# sourceMappingURL=particulars.js.map