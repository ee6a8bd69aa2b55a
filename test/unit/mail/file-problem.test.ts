import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { codeOf, fileProblem, isForbidden, systemWords } from '../../../src/mail/file-problem.js';
import { createTempDirectory } from '../../support/temp-directory.js';

function failureOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('it has not failed');
}

function systemError(code: string, words: string): Error {
  const message = `${code}: ${words}, open '/tmp/.work-1'`;
  return Object.assign(new Error(message), { code, syscall: 'open' });
}

describe('why a file cannot be used', () => {
  test('is said of what is read', (context) => {
    const directory = createTempDirectory(context);
    const missing = failureOf(() => readFileSync(join(directory, 'none')));
    assert.equal(fileProblem(missing, 'read'), 'there is no such file');
    const folder = failureOf(() => readFileSync(directory));
    assert.equal(fileProblem(folder, 'read'), 'it is a directory: name a file');
    const below = join(directory, 'file');
    writeFileSync(below, '');
    const noFolder = failureOf(() => readFileSync(join(below, 'x')));
    assert.equal(fileProblem(noFolder, 'read'), 'there is no such file');
  });

  test('is said of what is written', (context) => {
    const missing = failureOf(() => {
      writeFileSync(join(createTempDirectory(context), 'none', 'x'), '');
    });
    assert.equal(
      fileProblem(missing, 'write'),
      'its directory is not there: make it, or write elsewhere',
    );
    const full = systemError('ENOSPC', 'no space left on device');
    assert.match(fileProblem(full, 'write'), /^the disk is full/);
  });

  test('tells who may not use it', () => {
    const refused = systemError('EACCES', 'permission denied');
    assert.match(fileProblem(refused, 'read'), /^this user may not read it: /);
    assert.match(fileProblem(refused, 'write'), /^this user may not write it: /);
    assert.ok(isForbidden(refused));
    assert.ok(isForbidden(systemError('EPERM', 'operation not permitted')));
    assert.ok(!isForbidden(systemError('ENOENT', 'no such file or directory')));
    assert.ok(!isForbidden('EACCES'));
  });

  test("has the system's words for what is rare, without its code, call and path", (context) => {
    const directory = createTempDirectory(context);
    const there = failureOf(() => {
      mkdirSync(directory);
    });
    assert.equal(fileProblem(there, 'write'), 'file already exists');
    assert.equal(systemWords(there), 'file already exists');
  });

  test('is the message of an error that is not of the system', () => {
    assert.equal(
      fileProblem(new Error('incorrect header, check'), 'read'),
      'incorrect header, check',
    );
    assert.equal(fileProblem('odd', 'read'), 'odd');
    const other = Object.assign(new Error('E: x'), { code: 'E', syscall: 'open' });
    assert.equal(systemWords(other), 'x');
  });
});

describe('the code of an error', () => {
  test('is text', () => assert.equal(codeOf(systemError('EIO', '')), 'EIO'));
  test('or it is none', () => {
    assert.equal(codeOf(new Error('plain')), undefined);
    assert.equal(codeOf(Object.assign(new Error('exit'), { code: 1 })), undefined);
    assert.equal(codeOf({ code: 'NOT_AN_ERROR' }), undefined);
  });
});
