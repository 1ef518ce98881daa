import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf, type Observed } from '../../src/health/verdict.ts';

const WELL: Observed = { freeBytes: 10e9, descriptors: { open: 60, limit: 1024 }, readerEnds: 0 };
const codes = (seen: Partial<Observed>) =>
  faultsOf({ ...WELL, ...seen }, '/data', { roomBytes: 64e6 }).map(({ code }) => code);

const TABLE: [what: string, seen: Partial<Observed>, codes: string[]][] = [
  ['all is well', {}, []],
  ['nothing is known but that it answers', { freeBytes: undefined, descriptors: undefined }, []],
  ['the folder is gone', { folderError: 'ENOENT' }, ['data_folder_gone']],
  ['a network drive is out', { folderError: 'ESTALE' }, ['data_folder_gone']],
  ['another folder stands there', { isOtherFolder: true }, ['data_folder_gone']],
  ['the disk is read-only', { writeError: 'EROFS' }, ['data_folder_read_only']],
  ['the folder is another user’s', { writeError: 'EACCES' }, ['data_folder_read_only']],
  ['no byte is left', { writeError: 'ENOSPC', freeBytes: 0 }, ['disk_full']],
  ['the quota is used up', { writeError: 'EDQUOT' }, ['disk_full']],
  ['less is left than an upload needs', { freeBytes: 63e6 }, ['disk_full']],
  ['a write does not reach the disk', { writeError: 'EIO' }, ['disk_failing']],
  ['the disk gives no answer', { folderError: 'SILENT' }, ['disk_failing']],
  ['nothing more can be opened', { writeError: 'EMFILE' }, ['too_few_descriptors']],
  ['few more can be opened', { descriptors: { open: 49, limit: 64 } }, ['too_few_descriptors']],
  ['enough can be opened', { descriptors: { open: 48, limit: 64 } }, []],
  ['the reader ended now and then', { readerEnds: 4 }, []],
  ['the reader ends again and again', { readerEnds: 5 }, ['reader_dying']],
  [
    'all at once',
    { writeError: 'EIO', descriptors: { open: 64, limit: 64 }, readerEnds: 9 },
    ['disk_failing', 'too_few_descriptors', 'reader_dying'],
  ],
];

for (const [what, seen, expected] of TABLE) {
  test(`${what}: ${expected.join(', ') || 'well'}`, () => assert.deepEqual(codes(seen), expected));
}

test('each says what is wrong and what to do, and names the folder', () => {
  for (const [, seen] of TABLE) {
    for (const { code, message, remedy } of faultsOf({ ...WELL, ...seen }, '/data', { roomBytes: 64e6 })) {
      assert.match(message, /^[A-Z].*\.$/);
      assert.match(remedy, /^[A-Z].*\.$/);
      if (code.startsWith('data_folder') || code.startsWith('disk')) assert.ok(message.includes('/data'), message);
    }
  }
});
