import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { devicesViewSchema, nodeViewSchema, type PingbackReply, peerViewSchema, shortId } from '@kith/wire';
import type { Api } from '../ask/api.ts';
import { refusal } from '../ask/api.ts';
import { askPingback } from '../ask/ask-pingback.ts';
import { isCompose, startCall } from '../output/called-as.ts';
import type { Check } from '../output/check.ts';
import { CliError } from '../output/exit-codes.ts';
import { plainLine } from '../output/plain-text.ts';
import { interfaceTowards, type OnLink } from './interface-towards.ts';

const CONNECT_MS = 3000;
export interface AddressQuestion {
  readonly api: Api;
  readonly address: string;
  readonly pingbackPort: number;
  readonly kith: string;
  readonly platform?: NodeJS.Platform;
}

/** Why a machine is not seen: interface → route → neighbour → port → identity → trust, up to the first that fails. */
export async function addressChecks(question: AddressQuestion): Promise<Check[]> {
  const { api, address, pingbackPort } = question;
  const onLink = interfaceTowards(address);
  const checks: Check[] = [await interfaceCheck(question, onLink)];
  const failed = () => checks.some(({ verdict }) => verdict === 'failed');
  const port = failed() ? undefined : await tryPort(address, pingbackPort);
  if (port) checks.push(await neighbourCheck(question, onLink, port), portCheck(question, port));
  let reply: PingbackReply | string | undefined;
  if (port === 'open') {
    ({ reply } = await askPingback(address, pingbackPort));
    checks.push(identityCheck(question, reply));
  }
  if (typeof reply === 'object') {
    await api.send('POST', '/_kith/look', { address }).catch(() => {});
    checks.push(await trustCheck(question, reply));
  }
  const steps = ['interface', 'neighbour', 'port', 'identity', 'trust'];
  const rest = steps.slice(checks.length).map((name): Check => ({ name, verdict: 'skipped', detail: 'not tried' }));
  return [...checks, ...rest];
}

async function interfaceCheck({ address, kith }: AddressQuestion, onLink: OnLink | undefined): Promise<Check> {
  const name = 'interface';
  if (onLink) {
    return { name, verdict: 'ok', detail: `${onLink.interface} (${onLink.cidr}) reaches ${address} directly` };
  }
  const route = await routeTo(address);
  if (route === 'none') {
    const remedy = 'Join the network of that machine, or add a route to it.';
    return { name, verdict: 'failed', detail: `no interface and no route leads to ${address}`, remedy };
  }
  const detail = `${address} is in no subnet of this machine${route ? `; the system sends it this way: ${route}` : ''}`;
  return {
    name,
    verdict: 'warning',
    detail,
    remedy: isCompose(kith)
      ? `A sweep does not reach it: name it in .env (KITH_SEEDS=${address}), then: docker compose up -d scanner`
      : `A sweep does not reach it: name it in KITH_SEEDS (${startCall(kith)}${kith.startsWith('npm ') ? ' --' : ''} --seed ${address}).`,
  };
}

/** One line of the system's own answer; undefined where it has no command for it. */
async function routeTo(address: string): Promise<string | 'none' | undefined> {
  const [command, args] =
    process.platform === 'linux' ? ['ip', ['route', 'get', address]] : ['route', ['-n', 'get', address]];
  if (process.platform === 'win32') return undefined;
  try {
    const { stdout } = await promisify(execFile)(command as string, args as string[], { timeout: 2000 });
    return plainLine(stdout).slice(0, 120);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'none';
  }
}

/** `open`, or the system's error code. */
function tryPort(host: string, port: number): Promise<string> {
  return new Promise((done) => {
    const socket = connect({ host, port });
    const end = (outcome: string) => {
      socket.destroy();
      done(outcome);
    };
    socket.setTimeout(CONNECT_MS, () => end('ETIMEDOUT'));
    socket.once('connect', () => end('open'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'error'));
  });
}

async function neighbourCheck(
  { api, address }: AddressQuestion,
  onLink: OnLink | undefined,
  port: string,
): Promise<Check> {
  const name = 'neighbour';
  if (port === 'open' || port === 'ECONNREFUSED')
    return { name, verdict: 'ok', detail: 'the machine is there: it answers' };
  const { devices } = await api.get('/_kith/devices', devicesViewSchema).catch(() => ({ devices: [] }));
  const mac = (await arpEntry(address)) ?? devices.find((one) => one.address === address)?.mac;
  if (mac) return { name, verdict: 'ok', detail: `the machine is there: its hardware address is ${mac}` };
  if (!onLink) return { name, verdict: 'warning', detail: 'unknown, because it is behind a router' };
  const remedy = `Is it on, awake and in the same network? On Wi-Fi the access point may keep its devices apart. Try: ping ${address}`;
  return { name, verdict: 'failed', detail: `nobody answers for ${address} on ${onLink.interface}`, remedy };
}

async function arpEntry(address: string): Promise<string | undefined> {
  const table = await readFile('/proc/net/arp', 'utf8').catch(() => '');
  const row = table.split('\n').find((line) => line.split(/\s+/)[0] === address);
  const mac = row?.split(/\s+/)[3];
  return mac === '00:00:00:00:00:00' ? undefined : mac;
}

function portCheck({ address, pingbackPort, platform = process.platform }: AddressQuestion, outcome: string): Check {
  const name = 'port';
  const at = `${address}:${pingbackPort}`;
  if (outcome === 'open') return { name, verdict: 'ok', detail: `TCP ${at} is open` };
  if (outcome === 'ECONNREFUSED') {
    return {
      name,
      verdict: 'failed',
      detail: `TCP ${at} is closed: no Kith runs there`,
      remedy: 'Start Kith on that machine.',
    };
  }
  const mac =
    platform === 'darwin'
      ? ' On this Mac, allow your terminal under System Settings, Privacy & Security, Local Network.'
      : '';
  const remedy = `Most often a firewall on that machine. On Linux there: sudo ufw allow ${pingbackPort}/tcp; sudo ufw allow 5805/tcp. On Windows: allow Node.js in the firewall for private networks.${mac}`;
  return { name, verdict: 'failed', detail: `TCP ${at} gives no answer (${outcome})`, remedy };
}

function identityCheck({ address, pingbackPort }: AddressQuestion, reply: PingbackReply | string): Check {
  const name = 'identity';
  if (typeof reply === 'object') {
    const state = reply.state === 'leaving' ? ', it is just stopping' : '';
    return { name, verdict: 'ok', detail: `${reply.name} (${shortId(reply.id)}) proved its identity${state}` };
  }
  const remedy = `See what is there: curl -i http://${address}:${pingbackPort}/  If it is Kith, update both to the same version.`;
  return { name, verdict: 'failed', detail: `what answers there is no peer: ${reply}`, remedy };
}

async function trustCheck({ api, kith }: AddressQuestion, reply: PingbackReply): Promise<Check> {
  const name = 'trust';
  const path = `/peers/${reply.id}/api/status`;
  const peer = await api.get(`/_kith/peers/${reply.id}`, peerViewSchema).catch((error: unknown) => {
    if (error instanceof CliError) return undefined;
    throw error;
  });
  if (!peer) {
    const self = await api.get('/_kith/node', nodeViewSchema);
    if (self.id === reply.id) return { name, verdict: 'ok', detail: 'it is this node itself' };
    const detail = 'this node does not list it yet';
    return { name, verdict: 'warning', detail, remedy: `Wait a moment, then: ${kith} peers` };
  }
  if (peer.trust !== 'trusted') {
    const remedy = `Compare numbers with its owner, who does the same there: ${kith} peers trust ${peer.label}`;
    return { name, verdict: 'failed', detail: `this node has it as ${peer.trust}`, remedy };
  }
  const answer = await api.raw(path, { signal: AbortSignal.timeout(10_000) }).catch((error: Error) => error);
  if (answer instanceof Response && answer.ok) {
    await answer.body?.cancel();
    return { name, verdict: 'ok', detail: 'both trust each other, and its documents can be asked' };
  }
  const message = answer instanceof Response ? (await refusal(answer)).message : answer.message;
  const refused = answer instanceof Response && answer.status === 403;
  const remedy = refused
    ? 'Its owner must approve this node, too.'
    : `Its gateway port ${reply.gatewayPort} must be open: most often a firewall on that machine.`;
  return { name, verdict: 'failed', detail: message, remedy };
}
