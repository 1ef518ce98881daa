import type { ComposeMachine } from '../src/compose/compose-machine.ts';
import type { KithNode } from '../src/nodes/kith-node.ts';
import type { OwnerClient } from '../src/nodes/owner-client.ts';

/** Who is on the LAN of the Compose lab; all trust each other by one pairing code. */
export interface LabRoom {
  readonly ana: ComposeMachine;
  readonly ben: ComposeMachine;
  readonly chidi: ComposeMachine;
  /** All services in one process, as `npm start` runs it. */
  readonly dora: KithNode;
  /** Prints a line with the time since the start. */
  say(line: string): void;
  /** How long replicas are killed under load and Elasticsearch is away; Redis half of it. */
  readonly seconds: number;
}

export const OUR_OWN = ['pingback', 'scanner', 'gateway', 'exchange'] as const;

/** Hashes and names of the holders, in the order shown. */
export const found = async (owner: OwnerClient, words: string) =>
  (await owner.search(words)).results.map(({ hash, holders }) => ({ hash, holders: holders.map(({ name }) => name) }));

export const isFound = async (owner: OwnerClient, words: string) => (await found(owner, words)).length > 0;

export const isHealthy = async (machine: ComposeMachine) =>
  (await machine.containers()).every(({ state, health }) => state === 'running' && health === 'healthy');
