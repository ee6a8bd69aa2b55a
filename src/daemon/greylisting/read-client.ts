import { isNewerFormat } from '../../greylist/byte-reader.js';
import { decodeClientAutowhite } from '../../greylist/client-autowhite-codec.js';
import type { ClientAutowhite } from '../../greylist/client-autowhite.js';
import type { Logger } from '../../telemetry/logger.js';
import { describeError } from '../process/describe-error.js';

/**
 * What is stored of a client. A record that is damaged costs it its points, and the next write mends
 * it; one of a newer version, which shares the store with us, is to be left as it is. Both are logged.
 */
export function readClient(
  key: string,
  value: Uint8Array,
  logger: Pick<Logger, 'error'>,
): ClientAutowhite | 'newer' | undefined {
  try {
    return decodeClientAutowhite(value);
  } catch (error) {
    logger.error('record cannot be read', { ...describeError(error), key });
    return isNewerFormat(error) ? 'newer' : undefined;
  }
}
