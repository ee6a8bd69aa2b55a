import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Hono } from 'hono';
import { methodsAt } from '../../../src/admin/known-methods.js';

describe('the methods of a path', () => {
  const app = new Hono();
  app.use(async (_, next) => await next());
  app.get('/a', (context) => context.text('')).get('/a/:id', (context) => context.text(''));
  app.delete('/a/:id', (context) => context.text(''));

  test('are those of its routes, and HEAD beside GET', () => {
    assert.deepEqual(methodsAt(app, '/a'), ['GET', 'HEAD']);
    assert.deepEqual(methodsAt(app, '/a/1'), ['DELETE', 'GET', 'HEAD']);
  });

  test('are none where there is no route', () => {
    for (const path of ['/', '/b', '/a/', '/a/1/2']) assert.deepEqual(methodsAt(app, path), []);
  });
});
