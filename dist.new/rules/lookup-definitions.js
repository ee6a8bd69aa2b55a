/** None at all. */
export const noDefinitions = { urls: {}, ldapQueries: {} };
//# sourceMappingURL=lookup-definitions.js.map