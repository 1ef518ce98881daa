import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Holder, nodeIdSchema } from '@kith/wire';
import { RequestError } from '../src/http/request-error.ts';
import { documentPath } from '../src/reader/document-path.ts';
import { NoHolderError, tryHolders } from '../src/reader/try-holders.ts';

const holder = (letter: string, self = false): Holder => ({
  id: nodeIdSchema.parse(letter.repeat(52)),
  name: letter,
  self,
});
const [a, b, c] = [holder('a', true), holder('b'), holder('c')];
const gone = () => new RequestError(404, 'document_not_found', 'It is not there any more.');

test('a peer’s copy is asked through the own gateway', () => {
  assert.equal(documentPath(a, 'ff'), '/api/documents/ff');
  assert.equal(documentPath(b, 'ff'), `/peers/${b.id}/api/documents/ff`);
});

test('the next holder is asked where one fails, beginning with the one that answered before', async () => {
  const asked: string[] = [];
  const found = await tryHolders(
    [a, b, c],
    async ({ name }) => {
      asked.push(name);
      if (name !== 'a') throw gone();
      return 'text';
    },
    b.id,
  );
  assert.deepEqual(asked, ['b', 'a']);
  assert.equal(found.holder, a);
  assert.deepEqual(found.failures, [{ holder: b, message: 'It is not there any more.' }]);
});

test('where no holder gives it, each is named with its reason; taking it back asks nobody else', async () => {
  await assert.rejects(
    tryHolders([a, b], () => Promise.reject(gone())),
    (error) => error instanceof NoHolderError && error.failures.length === 2,
  );
  let asked = 0;
  const abort = new DOMException('taken back', 'AbortError');
  await assert.rejects(
    tryHolders([a, b], () => {
      asked++;
      return Promise.reject(abort);
    }),
    abort,
  );
  assert.equal(asked, 1);
});
