import { MAX_SOURCES } from '../greylist/correspondence.js';
import { asFields, formatInstant, LAST_DATE, readAddress, readCount, readInstant, readList, readOptionalInstant, readOptionalText, RecordError, } from './json-fields.js';
/** What is remembered of a pair, with names and times that people can read. */
export function writeCorrespondence({ series, sources }) {
    return {
        sources: sources.map(writeSource),
        ...(series !== undefined && {
            series: {
                firstAt: formatInstant(series.firstAt),
                lastReturnAt: formatInstant(series.lastReturnAt),
                returns: series.returns,
            },
        }),
    };
}
/** Whether {@link writeCorrespondence} can say it: only what a broken clock has written has no date. */
export function hasDates({ series, sources }) {
    return ((series === undefined || Math.max(series.firstAt, series.lastReturnAt) <= LAST_DATE) &&
        sources.every(({ firstSeenAt, lastSeenAt, expiresAt, passedAt = 0, acceptAt = 0 }) => Math.max(firstSeenAt, lastSeenAt, expiresAt, passedAt, acceptAt) <= LAST_DATE));
}
/** @throws RecordError */
export function readCorrespondence(fields) {
    const sources = readList(fields, 'sources', MAX_SOURCES).map(readSource);
    const series = fields['series'];
    return { series: series === undefined ? undefined : readSeries(series), sources };
}
function writeSource(source) {
    const { address, prefix, name, attempts, passedAt, acceptAt, spelling } = source;
    return {
        address: address.text,
        prefix,
        ...(name !== undefined && { name }),
        firstSeenAt: formatInstant(source.firstSeenAt),
        lastSeenAt: formatInstant(source.lastSeenAt),
        attempts,
        ...(passedAt !== undefined && { passedAt: formatInstant(passedAt) }),
        expiresAt: formatInstant(source.expiresAt),
        ...(acceptAt !== undefined && { acceptAt: formatInstant(acceptAt) }),
        ...(spelling !== undefined && { spelling }),
    };
}
function readSource(value) {
    const fields = asFields(value, 'a source');
    const address = readAddress(fields, 'address');
    const name = readUnicode(fields, 'name');
    const acceptAt = readOptionalInstant(fields, 'acceptAt');
    const spelling = readUnicode(fields, 'spelling');
    return {
        address,
        prefix: readCount(fields, 'prefix', address.bytes.length * 8),
        name,
        firstSeenAt: readInstant(fields, 'firstSeenAt'),
        lastSeenAt: readInstant(fields, 'lastSeenAt'),
        attempts: readCount(fields, 'attempts', Number.MAX_SAFE_INTEGER),
        passedAt: readOptionalInstant(fields, 'passedAt'),
        expiresAt: readInstant(fields, 'expiresAt'),
        ...(acceptAt !== undefined && { acceptAt }),
        ...(spelling !== undefined && { spelling }),
    };
}
function readUnicode(fields, key) {
    const text = readOptionalText(fields, key);
    if (text !== undefined && /\p{Surrogate}/u.test(text)) {
        throw new RecordError(`"${key}" is no Unicode`);
    }
    return text;
}
function readSeries(value) {
    const fields = asFields(value, '"series"');
    return {
        firstAt: readInstant(fields, 'firstAt'),
        lastReturnAt: readInstant(fields, 'lastReturnAt'),
        returns: readCount(fields, 'returns', Number.MAX_SAFE_INTEGER),
    };
}
//# sourceMappingURL=correspondence-json.js.map