import { formatDuration } from './duration.js';
import { settings } from './schema.js';
import { findSetting } from './settings.js';
const SECOND = 1000;
/** How low our own style goes, where milter-greylist means something by less: nothing, or everybody. */
const LOWEST = {
    delay: 1 * SECOND,
    'retry-window': 2 * SECOND,
    autowhite: 1 * SECOND,
    ipv4: 8,
    ipv6: 16,
};
/** What only milter-greylist's style can do, asked of our own. */
export function checkStyle(config) {
    const { greylist, rules } = config;
    if (greylist.style === 'milter-greylist')
        return [];
    return [
        ...tooLow(greylist, ['greylist']),
        ...rules.flatMap((rule, index) => [
            ...tooLow(rule, ['rules', index]),
            ...timesInOrder(rule, ['rules', index]),
        ]),
    ];
}
/** What has no effect in the style that is set. */
export function doubtStyle({ greylist }) {
    if (greylist.style === 'milter-greylist') {
        return ['identity', 'patience'].map((key) => ({
            paths: [['greylist', key]],
            problem: 'has no effect with greylist.style: milter-greylist',
            hint: 'a client is its address there: remove it',
        }));
    }
    if (!greylist['lazy-autowhite'])
        return [];
    const problem = 'has no effect without greylist.style: milter-greylist';
    const hint = 'greylist.client-autowhite is what our own style has';
    return [{ paths: [['greylist', 'lazy-autowhite']], problem, hint }];
}
function tooLow(bounds, base) {
    const times = ['delay', 'retry-window', 'autowhite'].map((key) => belowLowest(key, bounds[key], [...base, key]));
    const networks = ['ipv4', 'ipv6'].map((key) => belowLowest(key, bounds.network?.[key], [...base, 'network', key]));
    return [...times, ...networks].flat();
}
function belowLowest(key, value, path) {
    const lowest = LOWEST[key];
    if (value === undefined || value >= lowest)
        return [];
    const shown = key === 'ipv4' || key === 'ipv6' ? String(lowest) : formatDuration(lowest);
    const hint = findSetting(settings, path)?.why;
    return [{ paths: [path], problem: `must be at least ${shown}`, hint }];
}
/** In our own style all times begin at the first attempt. */
function timesInOrder(rule, base) {
    const { delay, autowhite, 'retry-window': retryWindow } = rule;
    const issues = [];
    if (delay === undefined)
        return issues;
    if (retryWindow !== undefined && retryWindow <= delay) {
        const hint = 'otherwise no retry would ever be in time';
        const problem = 'must be longer than delay';
        issues.push({ paths: [[...base, 'retry-window']], problem, hint });
    }
    if (autowhite !== undefined && autowhite < delay) {
        const hint = 'otherwise what passed is forgotten sooner than it passed';
        const problem = 'must not be shorter than delay';
        issues.push({ paths: [[...base, 'autowhite']], problem, hint });
    }
    return issues;
}
//# sourceMappingURL=style-bounds.js.map