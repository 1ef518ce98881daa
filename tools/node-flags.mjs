/**
 * How Node is started for a node that runs for days: a small young generation and one helper thread keep its memory
 * small. With 6 peers 141 MiB, about 165 MiB without them (docs/benchmarks.md).
 */
export const NODE_FLAGS = ['--max-semi-space-size=2', '--v8-pool-size=1'];

/**
 * Of the C library, and only glibc looks at it. With the threads of a node it would keep eight heaps for each core, each
 * as large as it ever was: two are enough. What is larger than 128 KiB gets pages of its own and gives them back when it
 * is freed; left alone, glibc raises that limit to the longest text it saw and keeps the holes (16 MB of a whole node).
 */
export const NODE_ENVIRONMENT = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072' };
