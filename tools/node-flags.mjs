/**
 * How Node is started for a node that runs for days: a small young generation and one helper thread keep its memory
 * small (measured with 6 peers: 148 MiB with the defaults of Node's sizes for servers, see docs/benchmarks.md).
 */
export const NODE_FLAGS = ['--max-semi-space-size=2', '--v8-pool-size=1'];
