import type { PeerStore } from './peer-store.ts';

/**
 * The same store, which waits in place of failing: a method that is refused with `store_away` is tried again every
 * `pauseMs` until it succeeds or `signal` aborts. For a service that has nothing better to do than to wait, such as the
 * scanner: what it has learnt is then written when the store is back, and its own loops are the bound on how much waits.
 * Not for a service that answers requests. `noteCandidate` does not wait: a candidate is worth something only now.
 * `onWait` is called once for each time that the store goes away, and `onBack` when it answers again.
 */
export function createPatientPeerStore(options: {
  store: PeerStore;
  clock: { sleep(ms: number, signal?: AbortSignal): Promise<void> };
  signal: AbortSignal;
  pauseMs?: number;
  onWait?: () => void;
  onBack?: () => void;
}): PeerStore {
  const { store, clock, signal, pauseMs = 1000, onWait = () => {}, onBack = () => {} } = options;
  const closing = new AbortController();
  const ending = AbortSignal.any([signal, closing.signal]);
  let isAway = false;

  const wait = async <T>(work: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        const result = await work();
        if (isAway) onBack();
        isAway = false;
        return result;
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'store_away' || ending.aborted) throw error;
        if (!isAway) onWait();
        isAway = true;
        await clock.sleep(pauseMs, ending).catch(() => {});
        if (ending.aborted) throw error;
      }
    }
  };

  return {
    listPeers: () => wait(() => store.listPeers()),
    getPeer: (id) => wait(() => store.getPeer(id)),
    changePeer: (id, rule) => wait(() => store.changePeer(id, rule)),
    listDevices: () => wait(() => store.listDevices()),
    putDevices: (devices) => wait(() => store.putDevices(devices)),
    removeDevices: (addresses) => wait(() => store.removeDevices(addresses)),
    noteCandidate: (candidate) => store.noteCandidate(candidate),
    followCandidates: (listener) => wait(() => store.followCandidates(listener)),
    readStatus: () => wait(() => store.readStatus()),
    writeStatus: (status) => wait(() => store.writeStatus(status)),
    addEvents: (events) => wait(() => store.addEvents(events)),
    readEvents: (range) => wait(() => store.readEvents(range)),
    latestEvents: (limit) => wait(() => store.latestEvents(limit)),
    followEvents: (listener) => wait(() => store.followEvents(listener)),
    close: () => {
      closing.abort();
      return store.close();
    },
  };
}
