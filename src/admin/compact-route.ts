import type { Hono } from 'hono';
import type { AdminDependencies } from './admin-dependencies.js';
import { compactStore, type CompactionNews } from './compaction.js';
import { jsonLines } from './json-lines-type.js';
import { problemOf } from './problem.js';
import { toStream } from './text-stream.js';

/**
 * Making the store's files smaller: a line after each part, `{"progress": {…}}`, in the end
 * `{"summary": {…}}`, or `{"problem": {…}}`. It ends after a part if whoever has asked goes away.
 */
export function addCompactRoute(app: Hono, { store, logger }: AdminDependencies): void {
  app.post('/v1/compact', async (context) => {
    const news = compactStore(store);
    // What cannot be begun is refused.
    const first = await news.next();
    logger.info('asked to compact the store');
    const lines = async function* (): AsyncGenerator<string, void, undefined> {
      try {
        if (first.done !== true) yield tell(first.value);
        for await (const each of news) yield tell(each);
      } catch (error) {
        logger.warn('the compaction has ended early', { error: String(error) });
        yield `${JSON.stringify({ problem: problemOf(error)[0] })}\n`;
      }
    };
    const tell = (each: CompactionNews): string => {
      if ('summary' in each) logger.info('the store is compacted', { ...each.summary });
      return `${JSON.stringify(each)}\n`;
    };
    return context.body(toStream(lines()), 200, jsonLines);
  });
}
