const noMatches = [];
/** What texts in rules show while these are asked: each what is known by then. */
export class EvaluationTexts {
    attempt;
    now;
    timeZone;
    version;
    host;
    found;
    #facts;
    #properties;
    #surroundings;
    #rule;
    /** Those of this rule; replaced with each change, so that who has it keeps what there was. */
    #matches = noMatches;
    constructor({ facts, found, properties }, surroundings) {
        this.attempt = facts.attempt;
        this.now = facts.now;
        this.timeZone = surroundings.timeZone;
        this.version = surroundings.version;
        this.host = surroundings.host;
        this.found = found;
        this.#facts = facts;
        this.#properties = properties;
        this.#surroundings = surroundings;
    }
    get tripletSender() {
        return this.#surroundings.spellSender(this.attempt.sender);
    }
    get properties() {
        return this.#properties.values;
    }
    get rule() {
        const rule = this.#rule;
        return rule && { name: rule.name, line: rule.place.line };
    }
    macro(symbol) {
        return this.#facts.macro(symbol);
    }
    /** What the groups of this rule's patterns have caught, those of the last pattern first. */
    groups() {
        return groupsOf(this.#matches);
    }
    /** Another rule is asked: what the patterns of the last one have found is its own. */
    begin(rule) {
        this.#rule = rule;
        this.#matches = noMatches;
    }
    /** A condition of the rule has found a pattern. */
    see(pattern, subject) {
        this.#matches = [...this.#matches, { pattern, subject }];
    }
    /** The groups as they are now, found out when somebody asks; undefined without any pattern. */
    keepGroups() {
        const matches = this.#matches;
        return matches.length === 0 ? undefined : () => groupsOf(matches);
    }
}
function groupsOf(matches) {
    return matches.toReversed().flatMap(({ pattern, subject }) => pattern.groups(subject));
}
//# sourceMappingURL=evaluation-texts.js.map