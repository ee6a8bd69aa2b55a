import type { Hono } from 'hono';
import { AdminError } from './admin-error.js';
import { PageFiles } from './static/page-files.js';

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

/**
 * Another page in the same browser may send us what it likes, though it sees no answer: it must not
 * change anything. Programs that are no browsers say nothing of an origin.
 */
export function refuseOtherSites(app: Hono): void {
  app.use(async (context, next) => {
    const { method, raw } = context.req;
    const site = raw.headers.get('sec-fetch-site') ?? 'none';
    const origin = raw.headers.get('origin');
    const isOurs = origin === null || hostOf(origin) === raw.headers.get('host');
    if (method !== 'GET' && (!isOurs || (site !== 'same-origin' && site !== 'none'))) {
      throw new AdminError('ADMIN_BAD_REQUEST', 'another site may not change anything here');
    }
    await next();
  });
}

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

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
