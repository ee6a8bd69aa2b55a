/** Enough for the pools of large senders that retry from many networks, few enough for one read. */
export const MAX_SOURCES = 32;
//# sourceMappingURL=correspondence.js.map