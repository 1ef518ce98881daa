import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** One registry a process; every service adds its own metrics to the one that it is given. */
export type Metrics = Registry;

const TICK_MS = 20;
const SECONDS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];

/** A registry with the process's own figures: memory, CPU time, event-loop delay. Names follow Prometheus' base units. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const delay = monitorEventLoopDelay({ resolution: TICK_MS });
  delay.enable();
  gauge(registry, 'kith_resident_memory_bytes', 'Resident memory of the process.', () => process.memoryUsage.rss());
  gauge(registry, 'kith_cpu_seconds', 'CPU time of the process since its start.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  gauge(
    registry,
    'kith_event_loop_delay_seconds',
    '99th percentile of the event loop’s delay since the last scrape.',
    () => {
      // What is measured is from one tick to the next: the delay is what that took beyond the time between them.
      const value = Math.max(0, delay.percentile(99) / 1e9 - TICK_MS / 1000);
      delay.reset();
      return value;
    },
  );
  return registry;
}

/** A gauge that is read when it is scraped; NaN where it cannot be read. */
export function gauge(registry: Metrics, name: string, help: string, read: () => number | Promise<number>): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    async collect() {
      this.set(
        await Promise.resolve()
          .then(read)
          .catch(() => Number.NaN),
      );
    },
  });
}

/** A gauge with one bounded label that is read when it is scraped; without values where it cannot be read. */
export function gaugeBy<L extends string>(
  registry: Metrics,
  name: string,
  help: string,
  label: L,
  read: () => Promise<Record<string, number>>,
): void {
  new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    async collect() {
      this.reset();
      const counts = await read().catch(() => ({}));
      for (const [value, count] of Object.entries<number>(counts)) this.set({ [label]: value } as never, count);
    },
  });
}

export function counter<L extends string = never>(
  registry: Metrics,
  name: string,
  help: string,
  labels: L[] = [],
): Counter<L> {
  return new Counter({ name, help, labelNames: labels, registers: [registry] });
}

export function seconds<L extends string = never>(
  registry: Metrics,
  name: string,
  help: string,
  labels: L[] = [],
): Histogram<L> {
  return new Histogram({ name, help, labelNames: labels, buckets: SECONDS, registers: [registry] });
}
