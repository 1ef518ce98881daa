import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { LabHost } from '../nodes/lab-host.ts';
import { createOwnerClient, type OwnerClient } from '../nodes/owner-client.ts';
import { root } from '../texts/repository.ts';

export type ComposeService = 'pingback' | 'scanner' | 'gateway' | 'exchange' | 'redis' | 'elasticsearch';

export interface Container {
  readonly name: string;
  readonly service: string;
  /** `running`, `restarting`, `exited` … */
  readonly state: string;
  /** `healthy`, `starting`, `unhealthy`; empty without a health check. */
  readonly health: string;
}
const containerSchema = z.object({ Name: z.string(), Service: z.string(), State: z.string(), Health: z.string() });

/** A machine with Docker Compose, as its administrator and its owner have it. */
export interface ComposeMachine extends OwnerClient {
  readonly host: LabHost;
  /** The folder with docker-compose.yml, as after a clone. */
  readonly folder: string;
  /** `docker compose …` in that folder; resolves with what it printed on stdout. */
  compose(...words: string[]): Promise<string>;
  /** `docker …`. */
  docker(...words: string[]): Promise<string>;
  /** `docker compose up` until every service is healthy; milliseconds. */
  up(...words: string[]): Promise<number>;
  /** Writes a line `NAME=value` of `.env`, in place of the one with that name; the next `up` heeds it. */
  setting(line: string): void;
  /** Puts a file into the folder that the machine shares. */
  share(name: string, text: string): void;
  containers(service?: ComposeService): Promise<Container[]>;
  /** `kill -9` of the process in a container, as a crash does it: `docker kill` would count as wanted by its owner. */
  crash(container: string): Promise<void>;
  /** `redis-cli` in the machine's Redis. */
  redis(...words: string[]): Promise<string>;
  close(): Promise<void>;
}

/** Lays out the folder of a machine; starts no container. `settings`: lines of `.env`; `secrets`: text by file name. */
export function createComposeMachine(
  host: LabHost,
  folder: string,
  settings: readonly string[] = [],
  secrets: Record<string, string> = {},
): ComposeMachine {
  for (const name of ['shared', 'secrets']) mkdirSync(join(folder, name), { recursive: true });
  copyFileSync(join(root, 'docker-compose.yml'), join(folder, 'docker-compose.yml'));
  let lines = [...settings];
  const writeSettings = () => writeFileSync(join(folder, '.env'), `${lines.join('\n')}\n`);
  writeSettings();
  for (const [name, text] of Object.entries(secrets)) writeFileSync(join(folder, 'secrets', name), text);
  const compose = (...words: string[]) => host.tool('compose', String(host.number), folder, ...words);
  const docker = (...words: string[]) => host.tool('docker', String(host.number), ...words);
  return {
    ...createOwnerClient(host.door),
    ...{ host, folder, compose, docker },
    setting(line) {
      const name = line.slice(0, line.indexOf('=') + 1);
      lines = [...lines.filter((one) => !one.startsWith(name)), line];
      writeSettings();
    },
    async up(...words) {
      const from = performance.now();
      await compose('up', '-d', '--no-build', '--wait', ...words);
      return performance.now() - from;
    },
    share: (name, text) => writeFileSync(join(folder, 'shared', name), text),
    async containers(service) {
      const lines = await compose('ps', '--format', 'json', ...(service ? [service] : []));
      return lines
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => containerSchema.parse(JSON.parse(line)))
        .map(({ Name, Service, State, Health }) => ({ name: Name, service: Service, state: State, health: Health }));
    },
    async crash(container) {
      const pid = Number(await docker('inspect', '-f', '{{.State.Pid}}', container));
      if (pid > 1) process.kill(pid, 'SIGKILL');
    },
    redis: (...words) =>
      compose(
        ...['exec', '-T', 'redis', 'sh', '-c', 'REDISCLI_AUTH=$(cat /run/kith/redis-password) exec redis-cli "$@"'],
        ...['--', ...words],
      ),
    async close() {
      host.close();
      await compose('down', '--volumes', '--timeout', '5').catch(() => {});
    },
  };
}
