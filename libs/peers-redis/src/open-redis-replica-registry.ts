import { type ReplicaRegistry, requireAcquisition, requireRegistration } from '@kith/membership';
import type { RedisConnectionOptions } from './link/connection-options.ts';
import { createKeys } from './link/keys.ts';
import { openRedisLink } from './link/redis-link.ts';
import { ACQUIRE, LIST, REGISTER, RELEASE, REMOVE, RENEW } from './replica-scripts.ts';

/** The ReplicaRegistry of services that run apart; a connection of its own. Rejects as openRedisPeerStore does. */
export async function openRedisReplicaRegistry(options: RedisConnectionOptions): Promise<ReplicaRegistry> {
  const link = await openRedisLink(options);
  const keys = createKeys(options);
  const listOf = (service: string) => [keys.replicas(service), keys.replicaAddresses(service)];

  return {
    register: async (given) => {
      const { service, id, address, ttlMs } = requireRegistration(given);
      await link.script(REGISTER, listOf(service), [id, address, ttlMs]);
    },
    list: async (service) => {
      const flat = (await link.script(LIST, listOf(service), [])) as string[];
      const replicas = [];
      for (let index = 0; index + 1 < flat.length; index += 2) {
        replicas.push({ service, id: flat[index] ?? '', address: flat[index + 1] ?? '' });
      }
      return replicas.filter((one) => one.address !== '').sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    remove: async ({ service, id }) => {
      await link.script(REMOVE, listOf(service), [id]);
    },
    acquire: async (given) => {
      const { name, holder, ttlMs } = requireAcquisition(given);
      const fence = await link.script(ACQUIRE, [keys.lease(name), keys.fences], [name, holder, ttlMs]);
      return typeof fence === 'string' ? { name, holder, fence: Number(fence) } : undefined;
    },
    renew: async (lease, ttlMs) => {
      const { name, holder } = requireAcquisition({ ...lease, ttlMs });
      return (await link.script(RENEW, [keys.lease(name)], [holder, lease.fence, ttlMs])) === 1;
    },
    release: async ({ name, holder, fence }) => {
      await link.script(RELEASE, [keys.lease(name)], [holder, fence]);
    },
    close: async () => link.close(),
  };
}
