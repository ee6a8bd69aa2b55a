import { parseHeaderTemplate } from '../greylist/header-template.js';
import { parseHeaderName } from './rule-values.js';
/** Reads a header field as it stands in a mail, with placeholders in its value. */
export function parseHeaderText(text) {
    const [, written, rest] = /^([^:]*): *(.*)$/s.exec(text) ?? [];
    if (written === undefined || rest === undefined) {
        return { problem: 'has no colon', hint: 'write a name, a colon and a value' };
    }
    const name = parseHeaderName(written);
    if ('problem' in name)
        return name;
    const value = parseHeaderTemplate(rest);
    return 'problem' in value ? value : { ok: { text, name: name.ok, value: value.ok } };
}
//# sourceMappingURL=header-text.js.map