import type { Hono } from 'hono';
import { operations, parameters, type Operation } from './paths.js';
import { schemas } from './schemas.js';
import { named } from './shapes.js';

const PROBLEM = { 'application/problem+json': { schema: named('Problem') } };

/** The OpenAPI document of the admin interface. @param version of greymilter */
export function openApiDocument(version: string): Readonly<Record<string, unknown>> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'greymilter',
      version,
      description:
        'The admin interface, at listen.admin and listen.http. What changes something over TCP needs ' +
        'http.write and the content type application/json, with or without a body.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: 'http://127.0.0.1:8025', description: 'listen.http; or a Unix socket' }],
    security: [{ token: [] }],
    paths: Object.fromEntries(
      Object.entries(operations).map(([path, methods]) => [path, describePath(path, methods)]),
    ),
    components: {
      schemas,
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'One of http.token-file; the Unix socket needs none.',
        },
      },
    },
  };
}

/** Serves it. */
export function addOpenApi(app: Hono, version: string): void {
  app.get('/v1/openapi.json', (context) => context.json(openApiDocument(version)));
}

function describePath(path: string, methods: Readonly<Record<string, Operation>>): object {
  return Object.fromEntries(
    Object.entries(methods).map(([method, operation]) => [method, describe(path, operation)]),
  );
}

function describe(path: string, operation: Operation): object {
  const { summary, takes = [], needs = [], headers = [], body, isOpen } = operation;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const described = [
    ...inPath.map((name) => ({ name, in: 'path', required: true, ...parameters[name] })),
    ...needs.map((name) => ({ name, in: 'query', required: true, ...parameters[name] })),
    ...headers.map((name) => ({ name, in: 'header', required: true, ...parameters[name] })),
    ...takes.map((name) => ({ name, in: 'query', ...parameters[name] })),
  ];
  return {
    summary,
    ...(isOpen && { security: [] }),
    ...(described.length > 0 && { parameters: described }),
    ...(body !== undefined && { requestBody: { required: true, content: { [body]: {} } } }),
    responses: {
      ...answersOf(operation),
      default: { description: 'A problem', content: PROBLEM },
    },
  };
}

function answersOf({ answer: [status, content], also = [], isLive }: Operation): object {
  const answer = {
    description: isLive ? 'It goes on until whoever has asked goes away' : 'Done',
    ...(typeof content === 'string' && {
      content: { 'application/json': { schema: named(content) } },
    }),
    ...(Array.isArray(content) && {
      content: Object.fromEntries(content.map((type: string) => [type, {}])),
    }),
  };
  return Object.fromEntries([status, ...also].map((each) => [each, answer]));
}
