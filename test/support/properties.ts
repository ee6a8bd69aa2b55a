import fc from 'fast-check';

/**
 * In CI a property is tried with the same inputs each time, so that a change is judged by what it
 * changes; elsewhere with others each time, or with those of GREYMILTER_TEST_SEED. A failure tells its
 * seed and path, which `fc.assert` takes.
 */
const CI_SEED = 20_261_129;

const asked = process.env['GREYMILTER_TEST_SEED'];
const seed = asked === undefined ? undefined : Number(asked);
if (seed !== undefined) fc.configureGlobal({ seed });
else if (process.env['CI'] === 'true') fc.configureGlobal({ seed: CI_SEED });

export { fc };
