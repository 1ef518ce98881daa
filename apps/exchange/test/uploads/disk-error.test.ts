import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceError } from '@kith/service';
import { asDiskError } from '../../src/uploads/disk-error.ts';

const thrown = (code: string) => Object.assign(new Error(code), { code });

test('what the disk refuses while an upload is kept is said with what to do', () => {
  const codes = {
    ...{ ENOSPC: 'disk_full', EDQUOT: 'disk_full', EIO: 'disk_failing', EUCLEAN: 'disk_failing' },
    ...{ EROFS: 'data_folder_read_only', EACCES: 'data_folder_read_only', ENOENT: 'data_folder_gone' },
  };
  for (const [system, code] of Object.entries(codes)) {
    const error = asDiskError(thrown(system));
    assert.ok(error instanceof ServiceError, system);
    assert.equal(error.code, code);
    assert.match(error.message, /send it again/);
  }
});

test('what is not the disk’s stays as it is', () => {
  for (const error of [thrown('ECONNRESET'), new ServiceError('too_large', 'x'), undefined]) {
    assert.equal(asDiskError(error), error);
  }
});
