import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peerStoreCompliance } from '@kith/membership/compliance';
import { openSqlitePeerStore } from '../src/index.ts';

const clock = { now: () => Date.now() };

peerStoreCompliance(
  'sqlite',
  async (t) => {
    const directory = await mkdtemp(join(tmpdir(), 'kith-peers-'));
    t.after(() => rm(directory, { recursive: true, force: true }));
    const open = () => openSqlitePeerStore({ directory, clock });
    return { store: await open(), reopen: open };
  },
  { without: ['second'] },
);
