import { createHash } from 'node:crypto';
import type { Random } from '@kith/testing';
import type { OwnerClient } from '../nodes/owner-client.ts';

export const TRUSTS = ['pending', 'trusted', 'blocked'] as const;
type Trust = (typeof TRUSTS)[number];

/**
 * What a node has acknowledged, and what it was asked when it died: that may have happened or not. Every life of the node
 * is held against it.
 */
export class Acknowledged {
  readonly #present = new Map<string, string>();
  readonly #gone = new Set<string>();
  readonly #uncertain = new Set<string>();
  /** Documents that changed since the last look at them. */
  readonly #fresh = new Set<string>();
  #trust: readonly Trust[] = TRUSTS;
  #made = 0;
  readonly #prefix: string;
  writes = 0;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Sends a text of its own to the node. */
  async upload(owner: OwnerClient): Promise<void> {
    const text = `${this.#prefix} ${this.#made++} ${'the night is long '.repeat(this.#made % 40)}`;
    const hash = createHash('sha256').update(text).digest('hex');
    this.#uncertain.add(hash);
    const given = await owner.post(`note ${this.#made}`, text);
    if (given !== hash) throw new Error(`a text of the hash ${hash} was acknowledged as ${given}`);
    this.#settle(hash, text);
  }

  /** Removes one of the documents that are there; where there is none, sends one. */
  async remove(owner: OwnerClient, random: Random): Promise<void> {
    if (this.#present.size === 0) return this.upload(owner);
    const hash = random.pick([...this.#present.keys()]);
    this.#present.delete(hash);
    this.#uncertain.add(hash);
    const answer = await owner.ask(`/api/documents/${hash}`, { method: 'DELETE' });
    if (answer.status >= 300) throw new Error(`a removal was answered ${answer.status}: ${answer.body}`);
    this.#settle(hash, undefined);
  }

  /**
   * Changes what the owner decided about a peer. On a disk that fails, what takes trust back is in force at once and
   * written when it can be: after a kill it may be lost, as the log says.
   */
  async decide(owner: OwnerClient, peer: string, random: Random, { diskFails = false } = {}): Promise<void> {
    const next = random.pick(TRUSTS);
    this.#trust = [...new Set([...this.#trust, next])];
    await owner.trust(peer, next);
    if (!diskFails || next === 'trusted') this.#trust = [next];
    this.writes++;
  }

  #settle(hash: string, text: string | undefined): void {
    this.#uncertain.delete(hash);
    this.#fresh.add(hash);
    if (text === undefined) this.#gone.add(hash);
    else this.#present.set(hash, text);
    this.writes++;
  }

  /** Throws if something that was acknowledged is not so: what changed since the last look and `some` others; or all. */
  async check(owner: OwnerClient, { peer, random, some }: { peer: string; random: Random; some: number | 'all' }) {
    const known = [...this.#present.keys()];
    const picked =
      some === 'all' || known.length === 0 ? known : Array.from({ length: some }, () => random.pick(known));
    for (const hash of new Set([...this.#fresh, ...picked])) {
      const text = this.#present.get(hash);
      const answer = await owner.ask(`/api/documents/${hash}/content`);
      const is = answer.status === 200 ? answer.body.toString() : answer.status;
      if (this.#uncertain.has(hash)) continue;
      if (is !== (text ?? 404)) throw new Error(`${hash} is ${text === undefined ? 'back' : 'lost'}: ${answer.status}`);
      const entry = await owner.ask(`/api/documents/${hash}`);
      if (entry.status !== (text === undefined ? 404 : 200)) throw new Error(`the entry of ${hash}: ${entry.status}`);
    }
    this.#fresh.clear();
    const trust = (await owner.peers()).find(({ id }) => id === peer)?.trust;
    if (trust === undefined || !this.#trust.includes(trust))
      throw new Error(`trust is ${trust} and must be ${this.#trust.join(' or ')}`);
  }
}
