/** Clauses that a rule has at most one of; text and patterns count apart. */
const UNIQUE = new Set([
    ...['addr', 'domain', 'helo', 'from', 'rawfrom', 'tarpit', 'mx'],
]);
/** What cannot be known before there is a message, and what is not asked any more then. */
const STAGES = new Map([
    ['helo', 'rcpt'],
    ['header', 'data'],
    ['body', 'data'],
    ['msgsize', 'data'],
    ['dkim', 'data'],
    ['spamd', 'data'],
]);
/** Looks whether a clause may stand in a rule behind these; what is wrong ends the statement. */
export function checkClause(reader, clause, { offset, stage, before }) {
    const { lexer } = reader;
    const of = clause.kind === 'list' ? `a list of ${clause.type}` : clause.kind;
    const only = stageOf(clause);
    if (only !== undefined && only !== stage) {
        const hint = only === 'data' ? 'write dacl: it needs the message' : 'write racl';
        lexer.fail(`has ${of}, which a rule of this kind cannot have`, hint, offset);
    }
    if (clause.kind === 'list')
        noteOfListBehind(reader, clause.type, { offset, before });
    const key = uniqueKeyOf(clause);
    if (key !== undefined && before.some((other) => uniqueKeyOf(other) === key)) {
        const hint = 'all of a rule must match: for one of several, write a list';
        lexer.fail(`has ${of} twice`, hint, offset);
    }
}
function stageOf(clause) {
    // Counted against a property, milter-greylist means the message.
    if (clause.kind === 'rcptcount' && clause.comparison.operand.kind === 'property')
        return 'data';
    return STAGES.get(clause.kind === 'list' ? clause.type : clause.kind);
}
function uniqueKeyOf(clause) {
    if (!UNIQUE.has(clause.kind))
        return undefined;
    const isPattern = 'operand' in clause && clause.operand.kind === 'pattern';
    return isPattern ? `${clause.kind} pattern` : clause.kind;
}
function noteOfListBehind(reader, type, { offset, before }) {
    if (!UNIQUE.has(type) || !before.some(({ kind }) => kind === type))
        return;
    const problem = `has a list of ${type} behind such a clause, which milter-greylist refuses`;
    reader.note(problem, 'both must match', offset);
}
//# sourceMappingURL=rule-checks.js.map