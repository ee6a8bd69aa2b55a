import type { Hono } from 'hono';
import { AdminError } from './admin-error.js';
import { PageFiles } from './page-files.js';

/**
 * The page shows what senders have written, so it may run no script but its own, load nothing from
 * elsewhere, be shown in no other page, and send nothing to anybody but us.
 */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-cache',
} as const;

/** The page itself: files that say nothing of anybody, so no token is needed for them. */
export function addPageRoutes(app: Hono, files = new PageFiles()): void {
  const send = async (name: string): Promise<Response> => {
    const file = await files.read(name).catch((cause: unknown) => {
      const message = 'the page is not there: the installation is not complete';
      throw new AdminError('ADMIN_NOT_FOUND', message, { cause });
    });
    if (file === undefined) throw new AdminError('ADMIN_NOT_FOUND', `there is no /page/${name}`);
    return new Response(file.bytes, { headers: { ...headers, 'content-type': file.type } });
  };
  app.get('/', () => send('index.html'));
  app.get('/page/:name', (context) => send(context.req.param('name')));
}
