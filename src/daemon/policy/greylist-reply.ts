import {
  renderReplyTemplate,
  type ReplyTemplate,
  type ReplyValues,
} from '../../greylist/reply-template.js';
import { replyLines } from '../../greylist/reply-lines.js';
import { customReply, type Reply } from '../../protocols/milter/index.js';

/** Codes and text of a reply. */
export interface ReplyForm {
  readonly code: number;
  readonly enhanced: string;
  readonly text: ReplyTemplate;
}

/** Enough for the seconds of one delay and then some. */
const maxCached = 1024;

/**
 * Makes the reply to a recipient that has to wait. A text that shows nothing but times, as the
 * default does, is encoded once for each second there is to wait.
 */
export function createGreylistReply({
  code,
  enhanced,
  text,
}: ReplyForm): (values: ReplyValues) => Reply<'replycode'> {
  const encode = (values: ReplyValues): Reply<'replycode'> =>
    customReply({ code, enhanced, text: replyLines(renderReplyTemplate(text, values)) });
  if (!text.placeholders.every(isTime)) return encode;
  const cache = new Map<number, Reply<'replycode'>>();
  return (values) => {
    const seconds = Math.ceil(values.waitMs / 1000);
    let encoded = cache.get(seconds);
    if (encoded === undefined) {
      if (cache.size >= maxCached) cache.clear();
      encoded = encode(values);
      cache.set(seconds, encoded);
    }
    return encoded;
  };
}

function isTime(placeholder: ReplyTemplate['placeholders'][number]): boolean {
  return placeholder === 'wait' || placeholder === 'minutes' || placeholder === 'remaining';
}
