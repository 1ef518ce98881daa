import { peerStoreCompliance } from '@kith/membership/compliance';
import { tempDirectory } from '@kith/testing';
import { openSqlitePeerStore } from '../src/index.ts';

const clock = { now: () => Date.now() };

peerStoreCompliance(
  'sqlite',
  async (t) => {
    const directory = tempDirectory(t);
    const open = () => openSqlitePeerStore({ directory, clock });
    return { store: await open(), reopen: open };
  },
  { without: ['second'] },
);
