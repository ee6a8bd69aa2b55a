import type { Context } from './context.js';
import { at } from './placed.js';
import type { Mapping } from './placed.js';
import type { GreylistConf } from './syntax.js';
import { toTemplate } from './template.js';

/** Web servers and directories that are asked, by the names that rules use. */
export function translateDefinitions(conf: GreylistConf, context: Context): Mapping {
  void conf;
  const urls = [...context.urls.values()].map((check) => [
    context.nameOf('url', check.name),
    at(check.place, { url: toTemplate(check.url).text }),
  ]);
  return urls.length === 0 ? {} : { lookups: { urls: Object.fromEntries(urls) } };
}
