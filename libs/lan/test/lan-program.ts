/** Started inside a namespace by the tests: does what its argument says with the real LAN and prints JSON. */
import { performance } from 'node:perf_hooks';
import { createLan, type Neighbour } from '../src/index.ts';

const [what = '', ...args] = process.argv.slice(2);
const hold = setInterval(() => {}, 1000);
const lan = createLan();
const programs: Record<string, () => Promise<unknown>> = {
  /** `sweep <interface> <subnet>`: who, and after how many milliseconds. */
  sweep: async () => {
    const seen: (Neighbour & { ms: number })[] = [];
    const from = performance.now();
    const [name = '', subnet = ''] = args;
    const onNeighbour = (one: Neighbour) => void seen.push({ ...one, ms: performance.now() - from });
    return { result: await lan.sweep({ interface: name, subnet, onNeighbour }), seen };
  },
  interfaces: () => lan.interfaces(),
  gateways: () => lan.defaultGateways(),
  lookUp: async () => (await lan.lookUp(args[0] ?? '')) ?? null,
  neighbours: () => lan.neighbours(),
};
process.stdout.write(JSON.stringify(await programs[what]?.()));
await lan.close();
clearInterval(hold);
