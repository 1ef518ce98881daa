import { createMemoryReplicaRegistry, type ReplicaRegistry } from '@kith/membership';
import type { Clock, Log } from '@kith/service';
import { type RedisSettings, redisConnection, redisSettings } from './redis-settings.ts';

/** Where the services of a node find each other's replicas. */
export const replicaRegistrySettings = redisSettings;
export type ReplicaRegistrySettings = RedisSettings;

/** The registry in Redis; without Redis one in memory, in which a process is its own only replica. */
export async function openReplicaRegistry(
  settings: ReplicaRegistrySettings,
  { log, clock }: { log: Log; clock: Clock },
): Promise<ReplicaRegistry> {
  const redis = redisConnection(settings);
  if (redis === undefined) return createMemoryReplicaRegistry({ clock });
  const { openRedisReplicaRegistry } = await import('@kith/peers-redis');
  return openRedisReplicaRegistry({ ...redis, log });
}
