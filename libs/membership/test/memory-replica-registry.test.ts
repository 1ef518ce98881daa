import { replicaRegistryCompliance } from '@kith/membership/compliance/replica-registry';
import { createMemoryReplicaRegistry, createMemoryReplicaState } from '../src/index.ts';

const clock = { monotonic: () => performance.now() };

replicaRegistryCompliance('memory', async () => {
  const state = createMemoryReplicaState();
  const connect = () => createMemoryReplicaRegistry({ clock, state });
  return { registry: connect(), second: connect() };
});
