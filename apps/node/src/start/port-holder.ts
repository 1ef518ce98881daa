import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface PortHolder {
  readonly pid: number;
  readonly command?: string;
}
const run = promisify(execFile);
const TIMEOUT_MS = 10_000;

/** Which process listens on a TCP port of this machine, where the system tells; never throws. */
export async function portHolder(port: number, platform = process.platform): Promise<PortHolder | undefined> {
  try {
    if (platform === 'linux') return await fromProc(port);
    if (platform === 'win32') return await fromNetstat(port);
    const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], { timeout: TIMEOUT_MS });
    return parseLsof(stdout);
  } catch {
    return undefined;
  }
}

/** `lsof -F pc`: a line `p<pid>`, then `c<command>`. */
export function parseLsof(text: string): PortHolder | undefined {
  const pid = /^p(\d+)$/m.exec(text)?.[1];
  const command = /^c(.+)$/m.exec(text)?.[1];
  return pid === undefined ? undefined : { pid: Number(pid), ...(command ? { command } : {}) };
}

/** `netstat -ano`: the state is translated on Windows in other languages, so a listener is known by its remote port 0. */
export function parseNetstat(text: string, port: number): number | undefined {
  for (const line of text.split(/\r?\n/)) {
    const [protocol, local, remote, ...rest] = line.trim().split(/\s+/);
    if (protocol === 'TCP' && local?.endsWith(`:${port}`) && remote?.endsWith(':0')) return Number(rest.at(-1));
  }
  return undefined;
}

/** Inodes of the sockets that listen on the port, from /proc/net/tcp or tcp6 (local address and port in hexadecimal). */
export function listeningInodes(text: string, port: number): string[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(wanted) && columns[3] === '0A')
    .flatMap((columns) => columns[9] ?? []);
}

async function fromProc(port: number): Promise<PortHolder | undefined> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const sockets = new Set(tables.flatMap((text) => listeningInodes(text, port)).map((inode) => `socket:[${inode}]`));
  if (sockets.size === 0) return undefined;
  const deadline = performance.now() + TIMEOUT_MS;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    // Another user's process cannot be read: then nobody is named.
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const file of files) {
      if (!sockets.has(await readlink(`/proc/${pid}/fd/${file}`).catch(() => ''))) continue;
      const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0').filter(Boolean);
      return { pid: Number(pid), command: words.join(' ').slice(0, 120) };
    }
    if (performance.now() > deadline) return undefined;
  }
  return undefined;
}

async function fromNetstat(port: number): Promise<PortHolder | undefined> {
  const { stdout } = await run('netstat', ['-ano', '-p', 'TCP'], { timeout: TIMEOUT_MS });
  const pid = parseNetstat(stdout, port);
  if (pid === undefined) return undefined;
  const list = await run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'], { timeout: TIMEOUT_MS });
  const command = /^"([^"]+)"/.exec(list.stdout.trim())?.[1];
  return { pid, ...(command ? { command } : {}) };
}
