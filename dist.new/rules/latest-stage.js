const LATER_STAGES = ['eom', 'data', 'rcpt', 'mail', 'helo'];
/** The last of some stages; the first one that there is if there are none. */
export function latestStage(stages) {
    return LATER_STAGES.find((stage) => stages.includes(stage)) ?? 'connect';
}
//# sourceMappingURL=latest-stage.js.map