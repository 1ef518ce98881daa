import { type Peer, PROBE_TIMEOUT_MS, placesToProbe } from '@kith/membership';
import type { Clock } from '@kith/service';
import type { Place, Target } from './candidates.ts';
import type { Probe, Probed } from './probe.ts';

export interface PeerRound {
  /** What each place said, in order of arrival. */
  readonly answers: readonly { readonly target: Target; readonly probed: Probed }[];
  /** The peer itself was verified at one of its own addresses. */
  readonly isThere: boolean;
  /** Why it was not: `refused` only where every address refused. */
  readonly miss: 'timeout' | 'refused';
  readonly askedAt: number;
}

/** The other addresses are asked when the best one was silent for this long, in milliseconds. */
const STAGGER_MS = 250;

/**
 * One round of probes of a known peer. The address that answered last comes first; the others are asked beside it as
 * soon as it fails or hesitates, or at once where the peer is in doubt anyway. The round ends with the peer's first
 * verified answer, at the latest after PROBE_TIMEOUT_MS.
 */
export async function probePeer(
  peer: Peer,
  { probe, clock, signal }: { probe: Probe; clock: Clock; signal: AbortSignal },
): Promise<PeerRound> {
  const askedAt = clock.now();
  const startedAt = clock.monotonic();
  const answers: { target: Target; probed: Probed }[] = [];
  const { own, other } = placesToProbe(peer, askedAt);
  const over = new AbortController();
  const stop = () => over.abort();
  signal.addEventListener('abort', stop, { once: true });

  const ask = async ({ address, pingbackPort }: Place): Promise<boolean> => {
    const withinMs = Math.max(100, PROBE_TIMEOUT_MS - (clock.monotonic() - startedAt));
    const target: Target = { address, pingbackPort, source: 'known' };
    const probed = await probe(target, { withinMs, signal: over.signal });
    if (over.signal.aborted && !('reply' in probed)) return false;
    answers.push({ target, probed });
    return probed.answer === 'peer' && probed.reply.id === peer.id;
  };
  // A second instance is asked too, but its answer says nothing of this one.
  const others = other.map((place) => ask(place).then(() => false));
  const [first, ...rest] = own;
  const isInDoubt = peer.state !== 'alive' || peer.missed > 0;
  const best = first ? ask(first) : Promise.resolve(false);
  const hesitates = clock.sleep(isInDoubt ? 0 : STAGGER_MS, over.signal).catch(() => {});
  const beside = Promise.race([best.then((found) => found || undefined), hesitates]).then((found) =>
    found === true ? [] : rest.map(ask),
  );
  const isThere = await firstTrue([best, ...(rest.length > 0 ? [beside.then((all) => firstTrue(all))] : [])]);
  if (isThere && others.length > 0) await Promise.all(others);
  over.abort();
  signal.removeEventListener('abort', stop);
  if (!isThere) await Promise.all(others);
  const ofOwn = answers.filter(({ target }) => own.some(({ address }) => address === target.address));
  const isRefused = ofOwn.length > 0 && ofOwn.every(({ probed }) => isNobodyThere(probed));
  return { answers, isThere, miss: isRefused ? 'refused' : 'timeout', askedAt };
}

/** Something at that address answered, and it was not the peer. A proven answer of another node counts too. */
const isNobodyThere = ({ answer }: Probed) => answer !== 'silent' && answer !== 'broken-protocol';

async function firstTrue(all: readonly Promise<boolean>[]): Promise<boolean> {
  return new Promise((resolve) => {
    let open = all.length;
    if (open === 0) resolve(false);
    for (const one of all) {
      one.then((value) => {
        open -= 1;
        if (value) resolve(true);
        else if (open === 0) resolve(false);
      });
    }
  });
}
