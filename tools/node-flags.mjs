/**
 * How Node is started for a node that runs for days: a small young generation and one helper thread keep its memory
 * small. With 6 peers 141 MiB, about 165 MiB without them (docs/benchmarks.md).
 */
export const NODE_FLAGS = ['--max-semi-space-size=2', '--v8-pool-size=1'];
