import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileCatalogue, SharedFile } from '../src/index.ts';
import { hashOf } from './sample-documents.ts';

export interface OpenedCatalogue {
  readonly files: FileCatalogue;
  /** Opens the same catalogue again after `files.close()`; absent where nothing is kept. */
  readonly reopen?: () => Promise<FileCatalogue>;
  readonly dispose?: () => Promise<void>;
}

export function sampleFile(given: Partial<SharedFile>): SharedFile {
  return { source: 'upload', path: 'a.txt', size: 1, modifiedMs: 1.5, addedAt: 1000, state: 'named', ...given };
}

/** What every FileCatalogue must do. `open` gives an empty one; `skip` is a reason or false. */
export function fileCatalogueCompliance(
  name: string,
  open: () => Promise<OpenedCatalogue>,
  { skip = false }: { skip?: string | false } = {},
): void {
  const check = (what: string, body: (opened: OpenedCatalogue) => Promise<void>) =>
    test(`${name}: ${what}`, { skip }, async () => {
      const opened = await open();
      try {
        await body(opened);
      } finally {
        await opened.files.close();
        await opened.dispose?.();
      }
    });

  check('files are kept whole, replaced by source and path, and removed', async ({ files }) => {
    const indexed = sampleFile({ path: 'dir/ü b.txt', size: 2 ** 40, hash: hashOf('a'), state: 'indexed' });
    const failed = sampleFile({ source: 'f1', path: 'dir/ü b.txt', state: 'failed', problem: 'cannot be read' });
    await files.putFiles([indexed, failed]);
    assert.deepEqual({ ...(await files.getFile('upload', 'dir/ü b.txt')) }, indexed);
    assert.deepEqual({ ...(await files.getFile('f1', 'dir/ü b.txt')) }, failed);
    assert.equal(await files.getFile('f1', 'dir/u b.txt'), undefined);
    const now = sampleFile({
      source: 'f1',
      path: 'dir/ü b.txt',
      hash: hashOf('b'),
      state: 'indexed',
      modifiedMs: 7.25,
    });
    await files.putFiles([now]);
    assert.deepEqual({ ...(await files.getFile('f1', 'dir/ü b.txt')) }, now);
    await files.removeFiles([now, { source: 'upload', path: 'none' }]);
    assert.equal(await files.getFile('f1', 'dir/ü b.txt'), undefined);
    assert.deepEqual({ ...(await files.getFile('upload', 'dir/ü b.txt')) }, indexed);
    await files.putFiles([]);
    await files.removeFiles([]);
  });

  check('files of a source in order of path by UTF-16 units, page by page', async ({ files }) => {
    const paths = [
      'b',
      'a',
      'a/b',
      'ä',
      'A',
      '\uffee',
      '𝒳',
      'a b',
      'aa',
      '~',
      `long/${'x'.repeat(900)}`,
      'odd\ud800name',
    ];
    await files.putFiles(paths.map((path) => sampleFile({ source: 's', path })));
    await files.putFiles([sampleFile({ source: 't', path: 'other' })]);
    const got: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await files.filesOf('s', { limit: 3, after });
      got.push(...page.map(({ path }) => path));
      after = page.at(-1)?.path;
      if (page.length < 3) break;
    }
    assert.deepEqual(got, paths.toSorted());
    assert.equal((await files.getFile('s', 'odd\ud800name'))?.path, 'odd\ud800name');
  });

  check('finds the files that hold a document', async ({ files }) => {
    await files.putFiles([
      sampleFile({ source: 's', path: 'b', hash: hashOf('x') }),
      sampleFile({ source: 's', path: 'a', hash: hashOf('x') }),
      sampleFile({ source: 'r', path: 'z', hash: hashOf('x') }),
      sampleFile({ source: 's', path: 'c', hash: hashOf('y') }),
      sampleFile({ source: 's', path: 'd' }),
    ]);
    const found = await files.filesWith(hashOf('x'));
    assert.deepEqual(
      found.map(({ source, path }) => `${source}/${path}`),
      ['r/z', 's/a', 's/b'],
    );
    assert.deepEqual(await files.filesWith(hashOf('none')), []);
  });

  check('counts files and failures by source, and lists the newest failures first', async ({ files }) => {
    assert.deepEqual({ ...(await files.countBySource()) }, {});
    await files.putFiles([
      sampleFile({ source: 's', path: 'a' }),
      sampleFile({ source: 's', path: 'b', state: 'failed', problem: 'old', addedAt: 1 }),
      sampleFile({ source: 's', path: 'c', state: 'failed', problem: 'new', addedAt: 9 }),
      sampleFile({ source: 't', path: 'b', state: 'failed', problem: 'same time', addedAt: 9 }),
      sampleFile({ source: 't', path: 'a', state: 'indexed', hash: hashOf('a') }),
    ]);
    assert.deepEqual({ ...(await files.countBySource()) }, { s: { files: 3, failed: 2 }, t: { files: 2, failed: 1 } });
    assert.deepEqual(
      (await files.failures(10)).map(({ problem }) => problem),
      ['new', 'same time', 'old'],
    );
    assert.deepEqual(
      (await files.failures(1)).map(({ problem }) => problem),
      ['new'],
    );
  });

  check('folders are kept in the order in which they were added', async ({ files }) => {
    const [one, two] = [
      { id: 'z', path: '/home/a', addedAt: 1 },
      { id: 'b', path: '/home/b', addedAt: 2, problem: 'gone' },
    ];
    await files.putFolder(two);
    await files.putFolder(one);
    assert.deepEqual(
      (await files.listFolders()).map((each) => ({ ...each })),
      [one, two],
    );
    await files.putFolder({ ...one, problem: 'cannot be read' });
    await files.removeFolder('b');
    await files.removeFolder('none');
    assert.deepEqual(
      (await files.listFolders()).map((each) => ({ ...each })),
      [{ ...one, problem: 'cannot be read' }],
    );
  });

  check('concurrent writers lose nothing', async ({ files }) => {
    const some = Array.from({ length: 200 }, (_, i) => sampleFile({ source: `s${i % 3}`, path: `p${i}` }));
    await Promise.all(some.map((one) => files.putFiles([one])));
    await Promise.all(some.slice(0, 50).map((one) => files.removeFiles([one])));
    const counts = Object.values(await files.countBySource());
    assert.equal(
      counts.reduce((sum, count) => sum + count.files, 0),
      150,
    );
  });

  check('what was resolved is there after a restart', async ({ files, reopen }) => {
    if (!reopen) return;
    await files.putFiles([sampleFile({ path: 'kept' }), sampleFile({ path: 'gone' })]);
    await files.removeFiles([{ source: 'upload', path: 'gone' }]);
    await files.putFolder({ id: 'f', path: '/x', addedAt: 1 });
    await files.close();
    const again = await reopen();
    try {
      assert.deepEqual(
        (await again.filesOf('upload', { limit: 9 })).map(({ path }) => path),
        ['kept'],
      );
      assert.equal((await again.listFolders()).length, 1);
    } finally {
      await again.close();
    }
  });

  check('a closed catalogue says so, and may be closed again', async ({ files }) => {
    await files.close();
    await files.close();
    await assert.rejects(files.putFiles([sampleFile({})]), { code: 'index_away' });
    await assert.rejects(files.listFolders(), { code: 'index_away' });
    await assert.rejects(files.countBySource(), { code: 'index_away' });
  });
}
