/** The classes of ASCII, by their names between `[:` and `:]`. */
export const CLASS_NAMES = [
    ...['alpha', 'digit', 'alnum', 'upper', 'lower', 'space', 'blank', 'punct', 'print'],
    ...['graph', 'cntrl', 'xdigit'],
];
//# sourceMappingURL=posix-tree.js.map