import { parsePattern } from '../../rules/pattern.js';
import { parsePosix } from './posix-parser.js';
import { PosixPatternError } from './posix-source.js';
import { writePosix } from './posix-writer.js';
/** What milter-greylist takes at most, in bytes. */
const MAX_LENGTH = 1024;
/**
 * Says in our pattern language what a POSIX regular expression says, read as GNU's C library reads it
 * where letter case does not matter. It finds a match in the same subjects. It may find another one of
 * several, which only groups show: POSIX wants the longest, our engine takes the first alternative.
 */
export function translatePosixPattern(source, { dialect, subject }) {
    if (source.length > MAX_LENGTH) {
        const problem = `is a pattern of ${source.length} characters`;
        return { kind: 'unsupported', problem, hint: `write at most ${MAX_LENGTH}`, offset: 0 };
    }
    try {
        const { tree, doubts } = parsePosix(source, dialect);
        const text = `/${writePosix(tree, subject)}/`;
        const parsed = parsePattern(text, { ignoreCase: true });
        if ('ok' in parsed)
            return { kind: 'pattern', text, doubts };
        // Too much for the engine, such as repetitions of repetitions.
        const hint = 'write it more simply';
        return { kind: 'unsupported', problem: parsed.problem, hint, offset: 0 };
    }
    catch (error) {
        if (!(error instanceof PosixPatternError))
            throw error;
        const { code, message, hint, offset } = error;
        const kind = code === 'WRONG' ? 'wrong' : 'unsupported';
        return { kind, problem: message, hint, offset };
    }
}
//# sourceMappingURL=posix-pattern.js.map