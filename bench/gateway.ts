/**
 * The gateway beside nginx in one run: requests a second (wrk, 32 connections, 157 bytes of JSON) and a 1 GiB stream (curl).
 * Loopback only; about a minute. Needs nginx, wrk, curl and openssl. Run: `node bench/gateway.ts`.
 */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'kith-bench-'));
const SECONDS = Number(process.argv[2] ?? 4);
const ROUNDS = 3;
const ends: (() => void)[] = [];

interface Way {
  readonly name: string;
  /** The way that it is compared with. */
  readonly beside: string | undefined;
  readonly url: string;
  readonly headers: string[];
  /** Processes whose CPU time counts. */
  readonly pids: number[];
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Starts nginx with one worker; returns the port and the worker's pid. */
async function nginx(name: string, server: (port: number) => string): Promise<{ port: number; pid: number }> {
  const port = await freePort();
  const config = join(folder, `${name}.conf`);
  writeFileSync(
    config,
    `daemon off; worker_processes 1; pid ${folder}/${name}.pid; error_log /dev/null; user root;
    events { worker_connections 1024; }
    http { access_log off; sendfile on; tcp_nopush on; keepalive_timeout 60; keepalive_requests 100000000;
      client_body_temp_path ${folder}/${name}-body; proxy_temp_path ${folder}/${name}-proxy;
      fastcgi_temp_path ${folder}/${name}-f; uwsgi_temp_path ${folder}/${name}-u; scgi_temp_path ${folder}/${name}-s;
      ${server(port)} }`,
  );
  const child = spawn('nginx', ['-c', config], { stdio: 'ignore' });
  ends.push(() => void child.kill('SIGTERM'));
  await listening(port, '127.0.0.1');
  const pid = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')[0]);
  return { port, pid };
}

async function gateway(name: string, ...args: string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'gateway-node.ts'), join(folder, name), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  ends.push(() => void child.kill('SIGTERM'));
  for await (const chunk of child.stdout) return JSON.parse(String(chunk));
}

async function listening(port: number, host: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const isOpen = await new Promise((resolve) => {
      const socket = connect({ port, host }, () => resolve(true)).on('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`nothing listens on ${port}`);
}

const cpuSeconds = (pids: number[]) =>
  pids.reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return sum + (Number(fields[11]) + Number(fields[12])) / 100;
  }, 0);

async function requestsPerSecond({ url, headers, pids }: Way): Promise<{ rate: number; cpu: number; p99: string }> {
  const before = cpuSeconds(pids);
  const { stdout } = await run('wrk', [
    '-t1',
    '-c32',
    `-d${SECONDS}s`,
    '--latency',
    ...headers.flatMap((h) => ['-H', h]),
    url,
  ]);
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`${url}: ${stdout}`);
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
  return { rate, cpu: ((cpuSeconds(pids) - before) / requests) * 1e6, p99: /99%\s+(\S+)/.exec(stdout)?.[1] ?? '?' };
}

async function megabytesPerSecond({ url, headers }: Way): Promise<number> {
  const args = ['-s', '-o', '/dev/null', '-w', '%{speed_download} %{size_download} %{http_code}', '--max-time', '30'];
  const { stdout } = await run('curl', [...args, ...headers.flatMap((h) => ['-H', h]), `${url}big`]);
  const [speed, size] = stdout.split(' ').map(Number);
  if (size !== 1 << 30) throw new Error(`${url}big: ${stdout}`);
  return (speed ?? 0) / 1e6;
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

try {
  writeFileSync(join(folder, 'big'), '');
  truncateSync(join(folder, 'big'), 1 << 30);
  const json = JSON.stringify({ kith: 1, text: 'x'.repeat(157 - 20) });
  const app = await nginx(
    'app',
    (port) => `server { listen 127.0.0.1:${port}; location = /big { root ${folder}; }
      location / { default_type application/json; return 200 '${json}'; } }`,
  );
  const keyArgs = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=bench',
  ];
  execFileSync('openssl', ['req', '-x509', ...keyArgs, '-keyout', `${folder}/k`, '-out', `${folder}/c`], {
    stdio: 'ignore',
  });
  const forward = (to: string, extra = '') =>
    `proxy_pass ${to}; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header X-Forwarded-For $remote_addr; ${extra}`;
  const pool = (port: number) =>
    `upstream next { server 127.0.0.1:${port}; keepalive 64; keepalive_requests 100000000; }`;
  const one = await nginx(
    'one',
    (port) => `${pool(app.port)} server { listen 127.0.0.1:${port}; location / { ${forward('http://next')} } }`,
  );
  const tls = `ssl_protocols TLSv1.3; ssl_certificate ${folder}/c; ssl_certificate_key ${folder}/k; ssl_client_certificate ${folder}/c; ssl_verify_client on;`;
  const last = await nginx(
    'last',
    (port) =>
      `${pool(app.port)} server { listen 127.0.0.1:${port} ssl; ${tls} location / { ${forward('http://next')} } }`,
  );
  const proxyTls = `proxy_ssl_certificate ${folder}/c; proxy_ssl_certificate_key ${folder}/k; proxy_ssl_protocols TLSv1.3; proxy_ssl_trusted_certificate ${folder}/c; proxy_ssl_verify on; proxy_ssl_name bench;`;
  const first = await nginx(
    'first',
    (port) =>
      `${pool(last.port)} server { listen 127.0.0.1:${port}; location / { ${forward('https://next', proxyTls)} } }`,
  );
  const bob = await gateway('bob', '127.0.0.2', `http://127.0.0.1:${app.port}`, await peerJson('ana'));
  const ana = await gateway('ana', '127.0.0.1', `http://127.0.0.1:${app.port}`, JSON.stringify(bob));

  const at = (port: number) => `http://127.0.0.1:${port}/`;
  const ways: Way[] = [
    { name: 'web app, no proxy', beside: undefined, url: at(app.port), headers: [], pids: [app.pid] },
    { name: 'nginx, one hop', beside: undefined, url: at(one.port), headers: [], pids: [one.pid] },
    { name: 'owner plane', beside: 'nginx, one hop', url: at(ana.port), headers: [], pids: [ana.pid] },
    {
      name: 'thin forwarder, one hop',
      beside: 'nginx, one hop',
      url: at(ana.port),
      headers: [`kith-key: ${ana.internalKey}`],
      pids: [ana.pid],
    },
    {
      name: 'nginx, two hops, mutual TLS',
      beside: undefined,
      url: at(first.port),
      headers: [],
      pids: [first.pid, last.pid],
    },
    {
      name: 'peer plane, two hops',
      beside: 'nginx, two hops, mutual TLS',
      url: `${at(ana.port)}peers/other/`,
      headers: [],
      pids: [ana.pid, bob.pid],
    },
  ];
  const results = new Map(
    ways.map(({ name }) => [name, { rates: [] as number[], cpus: [] as number[], speeds: [] as number[], p99: '' }]),
  );
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const way of ways) {
      const { rate, cpu, p99 } = await requestsPerSecond(way);
      const speed = await megabytesPerSecond(way);
      const result = results.get(way.name);
      // The first round warms everything up.
      if (!result || round === 0) continue;
      result.rates.push(rate);
      result.cpus.push(cpu);
      result.speeds.push(speed);
      result.p99 = p99;
    }
  }
  console.log(
    `\n| way (${ROUNDS} rounds of ${SECONDS} s, medians) | requests/s | of nginx | CPU µs/request | p99 | 1 GiB MB/s | of nginx |`,
  );
  console.log('|---|---|---|---|---|---|---|');
  for (const { name, beside } of ways) {
    const own = results.get(name);
    const other = beside === undefined ? undefined : results.get(beside);
    if (!own) continue;
    const rate = median(own.rates);
    const speed = median(own.speeds);
    const of = (value: number, values: number[] | undefined) => (values ? (value / median(values)).toFixed(2) : '');
    const cells = [
      name,
      rate.toFixed(0),
      of(rate, other?.rates),
      median(own.cpus).toFixed(0),
      own.p99,
      speed.toFixed(0),
      of(speed, other?.speeds),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
} finally {
  for (const end of ends) end();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Makes an identity before its gateway starts, so that the other one can know it. */
async function peerJson(name: string): Promise<string> {
  const { openIdentity } = await import('@kith/identity');
  const { id, publicKey } = await openIdentity(join(folder, name));
  return JSON.stringify({ id, publicKey, port: 1, at: '127.0.0.1' });
}
