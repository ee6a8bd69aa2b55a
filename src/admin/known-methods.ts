import type { Hono } from 'hono';

/**
 * The methods that a path takes, as the header Allow has them (RFC 9110, section 10.2.1); none for a path
 * that is not there. A GET is also answered as HEAD.
 */
export function methodsAt({ routes }: Hono, path: string): readonly string[] {
  const methods = new Set<string>();
  for (const route of routes) {
    // What looks at each request is no route of its own.
    if (route.method === 'ALL' || !matches(route.path, path)) continue;
    methods.add(route.method);
    if (route.method === 'GET') methods.add('HEAD');
  }
  return [...methods].sort();
}

function matches(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return false;
  return wanted.every((part, index) =>
    part.startsWith(':') ? given[index] !== '' : part === given[index],
  );
}
