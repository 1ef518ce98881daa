import { readFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { parseAddress } from '@kith/net';

/** The four numbers of a TCP connection, as a socket of this process sees them. */
export interface Connection {
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

/** Reads one of the kernel's tables of TCP sockets. */
export type ReadTable = (name: 'tcp' | 'tcp6') => Promise<string>;

const ESTABLISHED = '01';
const LISTENING = '0A';
const readTable: ReadTable = (name) => readFile(`/proc/net/${name}`, 'latin1').catch(() => '');

/**
 * Tells which user of this computer holds the other end of a connection, by the kernel's own table (Linux; proc(5)).
 * Whoever asks while the table is being read waits for the next reading, which then serves all of them: however many
 * connections come at once, at most one reading runs.
 */
export class SocketUids {
  readonly #read: ReadTable;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<Established> | undefined;

  constructor(read: ReadTable = readTable) {
    this.#read = read;
  }

  /** The uid; undefined where the table does not have the other end: it is gone, or in another network namespace. */
  async ofOtherEnd(connection: Connection): Promise<number | undefined> {
    // A table that changes while it is read may lack a line that was there all the time: such a miss is looked up again.
    const first = uidOf(connection, await this.#sockets());
    return first ?? uidOf(connection, await this.#sockets());
  }

  #sockets(): Promise<Established> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      const reading = Promise.all([this.#read('tcp'), this.#read('tcp6')]).then(establishedIn);
      this.#running = reading.catch(() => {});
      return reading;
    });
    return this.#next;
  }
}

/** The uid that the tables give for the other end of a connection. */
export const uidIn = (tables: readonly string[], connection: Connection): number | undefined =>
  uidOf(connection, establishedIn(tables));

/** What follows the state in the line of each established socket, by its local and remote address as they stand there. */
type Established = ReadonlyMap<string, string>;

function establishedIn(tables: readonly string[]): Established {
  const found = new Map<string, string>();
  for (const line of tables.flatMap((table) => table.split('\n'))) {
    const at = line.indexOf(': ') + 2;
    const end = line.indexOf(' ', line.indexOf(' ', at) + 1);
    if (line.startsWith(`${ESTABLISHED} `, end + 1)) found.set(line.slice(at, end), line.slice(end + 4));
  }
  return found;
}

/**
 * The uid in the line of the other end: local and remote are the other way round there. Only an established socket that
 * somebody holds counts: for one that is closing the kernel prints uid 0, which is root's.
 */
function uidOf(connection: Connection, established: Established): number | undefined {
  const { localAddress, localPort, remoteAddress, remotePort } = connection;
  if (localAddress === undefined || localPort === undefined || !remoteAddress || remotePort === undefined) return;
  for (const written of [inTcp, inTcp6]) {
    const line = established.get(`${written(remoteAddress, remotePort)} ${written(localAddress, localPort)}`);
    // tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …
    const [, , , uid = '', , inode = '0'] = line?.trimStart().split(/\s+/, 6) ?? [];
    if (/^\d+$/.test(uid) && /^[1-9]\d*$/.test(inode)) return Number(uid);
  }
  return undefined;
}

/** Who listens on a port of this computer, at whatever address: one uid for each socket. Empty where the system does not tell. */
export async function uidsOfListeners(port: number, read: ReadTable = readTable): Promise<number[]> {
  const tables = await Promise.all([read('tcp'), read('tcp6')]);
  return tables
    .flatMap((table) => table.split('\n'))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === LISTENING && local?.endsWith(`:${portText(port)}`))
    .map((columns) => Number(columns[7]));
}

/** As `tcp` writes an IPv4 address; undefined for any other. */
function inTcp(address: string, port: number): string | undefined {
  const bytes = parseAddress(address)?.toByteArray();
  return bytes?.length === 4 ? `${words(bytes)}:${portText(port)}` : undefined;
}

/** As `tcp6` writes it, IPv4 inside IPv6 too. */
function inTcp6(address: string, port: number): string | undefined {
  const bytes = parseAddress(address)?.toByteArray();
  return bytes && `${words(bytes.length === 4 ? [...MAPPED, ...bytes] : bytes)}:${portText(port)}`;
}

const MAPPED = [...Array.from({ length: 10 }, () => 0), 255, 255];
const portText = (port: number) => port.toString(16).toUpperCase().padStart(4, '0');

/** 32 bits at a time, as a number of this machine. */
function words(bytes: readonly number[]): string {
  const memory = Buffer.from(bytes);
  let text = '';
  for (let at = 0; at < bytes.length; at += 4) {
    const word = endianness() === 'LE' ? memory.readUInt32LE(at) : memory.readUInt32BE(at);
    text += word.toString(16).toUpperCase().padStart(8, '0');
  }
  return text;
}
