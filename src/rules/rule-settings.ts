import type { WrittenRule } from '../config/rules-section.js';
import { macrosOf } from '../greylist/general-placeholder.js';

import { assign, templatesIn } from './property-set.js';
import type { Effect, HeaderField, RuleSettings } from './rule.js';

type WrittenFields = NonNullable<WrittenRule['headers']>;

/** What a rule sets, in the words of the program. */
export function settingsOf(rule: WrittenRule): RuleSettings {
  const {
    delay,
    autowhite,
    network,
    stage,
    mode,
    code,
    enhanced,
    text,
    headers,
    log,
    report,
    footer,
  } = rule;
  const subjectTag = rule['subject-tag'];
  const retryWindow = rule['retry-window'];
  return {
    ...(delay !== undefined && { delayMs: delay }),
    ...(retryWindow !== undefined && { retryWindowMs: retryWindow }),
    ...(autowhite !== undefined && { autowhiteMs: autowhite }),
    ...(network?.ipv4 !== undefined && { ipv4: network.ipv4 }),
    ...(network?.ipv6 !== undefined && { ipv6: network.ipv6 }),
    ...(stage !== undefined && { stage }),
    ...(mode !== undefined && { mode }),
    ...(code !== undefined && { code }),
    ...(enhanced !== undefined && { enhanced }),
    ...(text !== undefined && { text }),
    ...headerSettings(headers),
    ...(report !== undefined && { report }),
    ...(subjectTag !== undefined && { subjectTag }),
    ...(footer !== undefined && { footer }),
    ...(log !== undefined && { log }),
  };
}

function headerSettings(
  headers: WrittenFields | undefined,
): Pick<RuleSettings, 'headers' | 'withoutHeaders'> {
  if (headers === undefined) return {};
  const fields = fieldsOf(headers);
  const without = Object.keys(headers).filter((name) => headers[name] === null);
  return {
    ...(fields.length > 0 && { headers: fields }),
    ...(without.length > 0 && { withoutHeaders: without.map((name) => name.toLowerCase()) }),
  };
}

function fieldsOf(headers: WrittenFields): readonly HeaderField[] {
  return Object.entries(headers).flatMap(([name, written]) => {
    if (written === null) return [];
    return 'literals' in written
      ? [{ name, value: written, at: undefined }]
      : [{ name, value: written.value, at: written.at }];
  });
}

/** What a rule does at once when it matches; nothing if undefined. */
export function effectsOf(rule: WrittenRule): readonly Effect[] | undefined {
  const { set, forget } = rule;
  const logText = rule['log-text'];
  const effects: Effect[] = [];
  if (set !== undefined) effects.push((evaluation) => assign(set, evaluation));
  if (logText !== undefined) {
    effects.push(({ effects: done, texts }) => done?.log(logText, texts));
  }
  if (forget !== undefined) {
    effects.push(({ effects: done, facts, texts }) => {
      const client = facts.attempt.clientAddress;
      if (client !== undefined) done?.forgetClient(client, texts);
    });
  }
  return effects.length === 0 ? undefined : effects;
}

/** The macros that a rule's texts show. */
export function macrosOfTexts(rule: WrittenRule): readonly string[] {
  const { text, headers = {}, report, footer, set = {} } = rule;
  const templates = [text, report, footer, rule['subject-tag'], rule['log-text']];
  return [
    ...templates.flatMap((template) => macrosOf(template?.placeholders ?? [])),
    ...fieldsOf(headers).flatMap(({ value }) => macrosOf(value.placeholders)),
    ...templatesIn(set).flatMap(({ placeholders }) => macrosOf(placeholders)),
  ];
}
