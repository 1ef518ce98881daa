import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process';
import { ipBatch, ipNow } from './namespaces.ts';

export interface LanHost {
  /** Such as `h0`, `silent3` or `router`. */
  readonly name: string;
  /** Name of its network namespace. */
  readonly namespace: string;
  /** Its IPv4 address now. */
  readonly address: string;
  /** Starts a program on this host. It is ended at the latest when the LAN is closed. */
  run(command: string, args: readonly string[], options?: SpawnOptions): ChildProcess;
  /** Runs a program to its end and resolves with what it printed; rejects if it fails or takes longer. */
  exec(
    command: string,
    args: readonly string[],
    options?: { timeoutMs?: number; env?: NodeJS.ProcessEnv },
  ): Promise<string>;
  /** Pulls the cable out, and puts it back: both at once. */
  cut(): void;
  mend(): void;
  /** Gives it another address of the same subnet, in place of the one it has; resolves with it. */
  setAddress(address: string): Promise<string>;
  /** One more adapter that leads nowhere: `addInterface({ name: 'docker0', type: 'bridge', address: '172.17.0.1/16' })`. */
  addInterface(adapter: { name: string; type: 'bridge' | 'tun'; address?: string }): Promise<void>;
  /** A second card of this host, with a cable to another LAN; its port there can be cut by `ip` only. */
  attach(
    to: { readonly switchNamespace: string; readonly prefix: number },
    card: { name: string; address: string },
  ): Promise<void>;
}

export interface HostPlace {
  name: string;
  namespace: string;
  address: string;
  /** Length of the subnet's prefix. */
  prefix: number;
  router: string | undefined;
  switchNamespace: string;
  /** Name of its port at the switch. */
  port: string;
  /** Takes each process that is started here, by its id, so that closing the LAN ends even one that is just starting. */
  children: Set<number>;
}

/** The lines that set up a host's own side. */
export function hostLines({ address, prefix, router }: Pick<HostPlace, 'address' | 'prefix' | 'router'>): string[] {
  const route = router === undefined || router === address ? [] : [`route replace default via ${router}`];
  return ['link set lo up', `addr replace ${address}/${prefix} brd + dev eth0`, 'link set eth0 up', ...route];
}

export function createHost(place: HostPlace): LanHost {
  const { name, namespace, prefix, router, switchNamespace, port, children } = place;
  let { address } = place;
  let cards = 0;
  // `ip netns exec` and not `nsenter`: it also mounts the namespace's own /sys.
  const inside = (command: string, args: readonly string[]) => ['netns', 'exec', namespace, command, ...args];
  const track = (child: ChildProcess) => {
    const { pid } = child;
    if (pid === undefined) return child;
    children.add(pid);
    child.once('exit', () => children.delete(pid));
    return child;
  };
  return {
    name,
    namespace,
    get address() {
      return address;
    },
    run: (command, args, options = {}) => track(spawn('ip', inside(command, args), options)),
    exec: (command, args, { timeoutMs = 150_000, env } = {}) =>
      new Promise((resolve, reject) => {
        const options = {
          timeout: timeoutMs,
          killSignal: 'SIGKILL' as const,
          maxBuffer: 64 << 20,
          ...(env ? { env } : {}),
        };
        const child = execFile('ip', inside(command, args), options, (error, stdout, stderr) => {
          if (error)
            reject(new Error(`${command} on ${name}: ${error.message}\n${stdout}\n${stderr}`, { cause: error }));
          else resolve(stdout);
        });
        track(child).stdin?.end();
      }),
    cut: () => ipNow(switchNamespace, ['link', 'set', port, 'down']),
    mend: () => ipNow(switchNamespace, ['link', 'set', port, 'up']),
    setAddress: async (next) => {
      await ipBatch(['addr flush dev eth0 scope global', ...hostLines({ address: next, prefix, router })], namespace);
      address = next;
      return next;
    },
    addInterface: async ({ name: card, type, address: cidr }) => {
      const lines = [
        type === 'tun' ? `tuntap add dev ${card} mode tun` : `link add ${card} type ${type}`,
        ...(cidr === undefined ? [] : [`addr add ${cidr} dev ${card}`]),
      ];
      await ipBatch([...lines, `link set ${card} up`], namespace);
    },
    attach: async (to, { name: card, address: there }) => {
      cards += 1;
      const far = `${port}x${cards}`;
      const lines = [`link add ${far} type veth peer name ${card} netns ${namespace}`, `link set ${far} master br0 up`];
      await ipBatch(lines, to.switchNamespace);
      await ipBatch([`addr add ${there}/${to.prefix} brd + dev ${card}`, `link set ${card} up`], namespace);
    },
  };
}
