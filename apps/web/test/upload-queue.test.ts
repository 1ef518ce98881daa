import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareState } from '../src/documents/share-state.ts';
import { type UploadStep, uploadReducer, uploadSentence, uploadTotals } from '../src/uploads/upload-queue.ts';

const added: UploadStep = {
  kind: 'added',
  uploads: [
    { key: 1, name: 'a.txt', size: 100 },
    { key: 2, name: 'b.txt', size: 300 },
    { key: 3, name: 'empty', size: 0 },
  ],
};
const after = (...steps: UploadStep[]) => [added, ...steps].reduce(uploadReducer, []);

test('progress is counted in bytes and never passes the file’s size', () => {
  const uploads = after({ kind: 'progress', key: 2, sent: 450 }, { kind: 'done', key: 1 });
  assert.deepEqual(
    uploads.map(({ state, sent }) => [state, sent]),
    [
      ['done', 100],
      ['sending', 300],
      ['waiting', 0],
    ],
  );
  const totals = uploadTotals(uploads);
  assert.deepEqual(totals, { done: 1, failed: 0, open: 2, percent: 100 });
  assert.equal(uploadSentence(totals), 'Sharing: 1 of 3 files sent');
});

test('a failure stays with its reason until it is tried again or cleared', () => {
  const failed = after(
    { kind: 'done', key: 1 },
    { kind: 'failed', key: 2, message: 'The disk is full.' },
    { kind: 'done', key: 3 },
  );
  assert.equal(failed[1]?.message, 'The disk is full.');
  assert.equal(uploadSentence(uploadTotals(failed)), '2 files shared, 1 failed');
  const retried = uploadReducer(failed, { kind: 'retried', key: 2 });
  assert.deepEqual(retried[1], { key: 2, name: 'b.txt', size: 300, state: 'waiting', sent: 0 });
  assert.deepEqual(
    uploadReducer(retried, { kind: 'cleared' }).map(({ key }) => key),
    [2],
  );
  assert.equal(uploadSentence({ done: 0, failed: 1, open: 0, percent: 100 }), '1 file could not be shared');
});

test('a shared folder says how far it is and what is wrong', () => {
  const share = { id: '1', path: '/srv', files: 1, failed: 0, state: 'watching' } as const;
  assert.deepEqual(shareState(share), { text: '1 file; changes are followed', tone: 'good' });
  assert.equal(shareState({ ...share, state: 'scanning' }).tone, 'busy');
  assert.equal(shareState({ ...share, failed: 2 }).tone, 'bad');
  assert.equal(shareState({ ...share, state: 'unreadable', problem: 'Not there.' }).text, 'Not there.');
});
