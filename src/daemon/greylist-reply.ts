import { renderReplyTemplate, type ReplyValues } from '../greylist/reply-template.js';
import { customReply, type Reply } from '../protocols/milter/index.js';
import type { Policy } from './policy.js';

/** Enough for a template that shows nothing but the wait. */
const maxCached = 256;

/** Makes the reply to a recipient that has to wait; the same text is encoded once. */
export function createGreylistReply(
  reply: Policy['reply'],
): (values: ReplyValues) => Reply<'replycode'> {
  const { code, enhanced } = reply.milter;
  const cache = new Map<string, Reply<'replycode'>>();
  return (values) => {
    const text = renderReplyTemplate(reply.text, values);
    let encoded = cache.get(text);
    if (encoded === undefined) {
      if (cache.size >= maxCached) cache.clear();
      encoded = customReply({ code, enhanced, text });
      cache.set(text, encoded);
    }
    return encoded;
  };
}
