/** What is told in a mode of what would be told: nobody is refused but in enforce mode. */
export function verdictIn(mode, would) {
    return mode === 'enforce' ? would : 'accept';
}
/**
 * Puts a decision together. Field by field, because it is made for every recipient, and a copy by
 * spreading costs forty times as much.
 */
export function decide(finding, circumstances) {
    const { particulars } = circumstances;
    const plain = decidePlainly(finding, circumstances);
    if (particulars === undefined)
        return plain;
    const decision = { ...plain, particulars };
    return finding.verdict === 'accept' && decision.would === 'accept'
        ? { ...decision, knownForMs: finding.knownForMs }
        : decision;
}
function decidePlainly(finding, circumstances) {
    const { attempt, stage, mode, rule, at, tookUs } = circumstances;
    const { attempts, identity } = finding;
    switch (finding.verdict) {
        case 'accept': {
            const { verdict, reason, delayedMs } = finding;
            const would = verdict;
            return {
                verdict,
                would,
                reason,
                delayedMs,
                attempts,
                identity,
                attempt,
                stage,
                mode,
                rule,
                at,
                tookUs,
            };
        }
        case 'tempfail': {
            const { verdict: would, reason, waitMs } = finding;
            const verdict = verdictIn(mode, would);
            return {
                verdict,
                would,
                reason,
                waitMs,
                attempts,
                identity,
                attempt,
                stage,
                mode,
                rule,
                at,
                tookUs,
            };
        }
        case 'reject':
        case 'discard':
        case 'quarantine': {
            const { verdict: would, reason } = finding;
            const verdict = verdictIn(mode, would);
            return {
                verdict,
                would,
                reason,
                attempts: undefined,
                identity: undefined,
                attempt,
                stage,
                mode,
                rule,
                at,
                tookUs,
            };
        }
    }
}
//# sourceMappingURL=decision.js.map