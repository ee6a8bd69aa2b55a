import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Ajv } from 'ajv';
import { parse } from 'yaml';

import * as kinds from '../../../../src/config/schema-kinds.js';
import type { AnyConditionKind } from '../../../../src/rules/condition.js';
import { conditionKinds } from '../../../../src/rules/conditions/index.js';
import { compileWritten, issuesOfWritten, writtenAgain } from '../../../support/condition-rig.js';

const table: Readonly<Record<string, AnyConditionKind>> = conditionKinds;
const lists = {
  'our-mx': { clients: [] },
  partners: { senders: [] },
  home: { values: [] },
};

describe('the table of conditions', () => {
  for (const [key, kind] of Object.entries(table)) {
    test(`has ${key} under its name`, () => assert.equal(kind.name, key));

    test(`shows an example of ${key} that can be read, written and compiled`, () => {
      const example: unknown = parse(kind.about.example);
      assert.ok(typeof example === 'object' && example !== null && key in example);
      const written: unknown = Reflect.get(example, key);
      assert.deepEqual(issuesOfWritten(kind, written), []);
      assert.deepEqual(issuesOfWritten(kind, writtenAgain(kind, written)), []);
      const condition = compileWritten(kind, written, {
        lists,
        // Examples name what is defined under lookups.
        context: { complain: () => undefined },
      });
      assert.equal(condition.name, key);
      assert.equal(condition.isLookup, kind.isLookup);
    });

    test(`has a JSON Schema of ${key} that takes its example`, () => {
      const schema = kinds.toJsonSchema(
        // Every schema is made by the kinds that are handed in.
        kind.schema(kinds) as Parameters<typeof kinds.toJsonSchema>[0],
      );
      const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
      const example: unknown = parse(kind.about.example);
      assert.ok(typeof example === 'object' && example !== null);
      assert.equal(validate(Reflect.get(example, key)), true);
    });

    test(`says in a sentence what ${key} means and takes`, () => {
      assert.match(kind.about.meaning, /^[A-Z].*\.$/);
      assert.doesNotMatch(kind.about.expects, /^[A-Z]|\.$/);
    });
  }
});
