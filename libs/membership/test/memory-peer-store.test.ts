import { peerStoreCompliance } from '@kith/membership/compliance';
import { createMemoryPeerState, createMemoryPeerStore } from '../src/index.ts';

const clock = { now: () => Date.now() };

peerStoreCompliance(
  'memory',
  async () => {
    const state = createMemoryPeerState();
    const connect = async () => createMemoryPeerStore({ clock, state });
    return { store: await connect(), second: connect };
  },
  { without: ['reopen'] },
);
