import { replicaRegistryCompliance } from '@kith/membership/compliance/replica-registry';
import { hasBinary, skipUnless } from '@kith/testing';
import { openRedisReplicaRegistry } from '../src/index.ts';
import { quietLog } from './quiet-log.ts';
import { startRedis } from './redis-server.ts';

const skip = skipUnless(hasBinary('redis-server'), 'no redis-server');

replicaRegistryCompliance(
  'redis',
  async (t) => {
    const { url } = await startRedis(t);
    const connect = () => openRedisReplicaRegistry({ url, log: quietLog });
    return { registry: await connect(), second: await connect() };
  },
  { skip },
);
