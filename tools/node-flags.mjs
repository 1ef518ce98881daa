/**
 * How Node is started for a node that runs for days: a small young generation and one helper thread keep its memory
 * small. With 6 peers 141 MiB, about 165 MiB without them (docs/benchmarks.md).
 */
export const NODE_FLAGS = ['--max-semi-space-size=2', '--v8-pool-size=1'];

/**
 * With the threads of a node, the C library would keep eight heaps for each core, each as large as it ever was. With two
 * a node that indexes long texts takes 18 MiB less. Only systems with glibc look at it.
 */
export const NODE_ENVIRONMENT = { MALLOC_ARENA_MAX: '2' };
