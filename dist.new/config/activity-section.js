import { parsePlainTemplate } from '../greylist/text-template.js';
import * as kinds from './schema-kinds.js';
import { writtenForms } from './written-forms.js';
const { required, sectionOrOff, text } = kinds;
const HINT = 'write append:/path, file:/path (emptied at the start) or pipe:command';
/** Reads `append:PATH`, `file:PATH` or `pipe:COMMAND`. */
export function parseActivityTarget(written) {
    const [, word = '', rest = ''] = /^(append|file|pipe):(.*)$/s.exec(written) ?? [];
    if (word === '' || rest.trim() === '' || rest.includes('\0')) {
        return { problem: 'is nowhere to write to', hint: HINT };
    }
    if (word === 'pipe')
        return { ok: { kind: 'pipe', text: written, command: rest } };
    if (!rest.startsWith('/') || rest.endsWith('/')) {
        return { problem: 'is not the absolute path of a file', hint: HINT };
    }
    return { ok: { kind: 'file', text: written, path: rest, isAppended: word === 'append' } };
}
/** The section `activity`. */
export const activitySection = sectionOrOff({
    to: required(text(parseActivityTarget, ({ text: written }) => written, writtenForms.activityTarget), {
        meaning: '`append:` and the path of a file; `file:`, which is emptied at the start; or `pipe:` and a command for the shell, which reads the records and is started anew if it ends.',
        expects: 'a target such as append:/var/log/greymilter.activity',
    }),
    format: required(text(parsePlainTemplate, (template) => template.text, writtenForms.line), {
        meaning: 'What a record is: placeholders stand for values, and no line end is added.',
        expects: 'a text such as "{time:%H:%M:%S} {client-address} {verdict}\\n"',
    }),
});
//# sourceMappingURL=activity-section.js.map