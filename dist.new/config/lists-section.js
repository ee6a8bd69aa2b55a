import { listKinds } from '../rules/sets/list-kinds.js';
import { postgreyReaders } from './postgrey-list.js';
import { parseFilePath, parseListName } from './rule-values.js';
import * as kinds from './schema-kinds.js';
import { writtenForms } from './written-forms.js';
/** A list reference among its entries is what people try first. */
function parseItem(kind, text) {
    if (text.startsWith('list:')) {
        return { problem: 'is a list within a list', hint: 'name both lists in the rule instead' };
    }
    const [, key, path] = /^(file|postgrey):\s*(.*)$/.exec(text) ?? [];
    if (key !== undefined && path !== undefined) {
        return { problem: 'is not an entry', hint: `write {${key}: ${path}}` };
    }
    const parsed = listKinds[kind].parse(text);
    return 'ok' in parsed ? { ok: { text: parsed.ok.text } } : parsed;
}
const path = kinds.text(parseFilePath, (written) => written, writtenForms.filePath);
const fileSection = kinds.section({
    file: kinds.required(path, {
        meaning: 'File of entries, one a line; what follows a `#` is a comment. A path that does not start with a slash starts at the configuration file.',
        expects: 'a path such as /etc/greymilter/clients.txt',
    }),
});
function checkFile({ file, postgrey }) {
    if ((file === undefined) !== (postgrey === undefined))
        return [];
    const problem = file === undefined ? 'names no file' : 'names two files';
    return [{ path: [], problem, hint: 'write {file: PATH} or {postgrey: PATH}' }];
}
const anyFileSection = kinds.withChecks(kinds.section({
    file: kinds.optional(path, {
        meaning: 'File of entries, one a line; what follows a `#` is a comment. A path that does not start with a slash starts at the configuration file.',
        expects: 'a path such as /etc/greymilter/clients.txt',
    }),
    postgrey: kinds.optional(path, {
        meaning: "The same with a file that is written as Postgrey's whitelists are.",
        expects: 'a path such as /etc/postgrey/whitelist_clients',
    }),
}), checkFile);
function itemsOf(kind) {
    const { expects, form } = listKinds[kind];
    const entry = kinds.text((text) => parseItem(kind, text), (item) => ('text' in item ? item.text : ''), form);
    const hasPostgrey = postgreyReaders[kind] !== undefined;
    const files = hasPostgrey ? '{file: PATH}, {postgrey: PATH}' : '{file: PATH}';
    const file = hasPostgrey ? anyFileSection : fileSection;
    return kinds.optional(kinds.oneOrMore(file, entry), {
        meaning: `Entries, each ${expects}; or \`{file: PATH}\`, one entry a line${hasPostgrey ? "; or `{postgrey: PATH}`, one of Postgrey's whitelists" : ''}.`,
        expects: `${expects}, ${files}, or a list of them`,
    });
}
function checkList(list) {
    if (Object.keys(list).length > 0)
        return [];
    const hint = `write what its entries are: {clients: [192.0.2.0/24]}; there are ${Object.keys(listKinds).join(', ')}`;
    return [{ path: [], problem: 'has no entries', hint }];
}
const listSection = kinds.required(kinds.withChecks(kinds.section({
    clients: itemsOf('clients'),
    senders: itemsOf('senders'),
    recipients: itemsOf('recipients'),
    names: itemsOf('names'),
    values: itemsOf('values'),
}), checkList), {
    meaning: 'A list.',
    expects: 'a mapping of what its entries are, such as {clients: [192.0.2.0/24]}',
});
/** The section `lists`: entries that rules refer to by `list:NAME`. */
export const listsSection = kinds.named(parseListName, writtenForms.listName, listSection);
//# sourceMappingURL=lists-section.js.map