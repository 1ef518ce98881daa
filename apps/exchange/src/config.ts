import { resolve } from 'node:path';
import { listSchema, setting, sharedSettings, type Values } from '@kith/service';
import { decimalNumber, wholeNumber } from '@kith/wire';
import { z } from 'zod';

const milliseconds = (defaultValue: number, max: number) =>
  wholeNumber({ min: 10, max, error: `accepted: milliseconds from 10 to ${max}` }).default(defaultValue);

export const exchangeSettings = {
  dataDirectory: sharedSettings.dataDirectory,
  ownerUids: sharedSettings.ownerUids,
  name: sharedSettings.name,
  logLevel: sharedSettings.logLevel,
  audit: sharedSettings.audit,
  exchangePort: sharedSettings.exchangePort,
  exchangeBind: setting(
    'KITH_EXCHANGE_BIND',
    z
      .union([z.ipv4(), z.ipv6()], { error: 'accepted: an IP address of this machine, such as 127.0.0.1' })
      .default('127.0.0.1'),
    'Address on which the exchange listens; only the own gateway calls it. Default: 127.0.0.1, and 0.0.0.0 in a container.',
  ),
  exchangeAddress: setting(
    'KITH_EXCHANGE_ADDRESS',
    z
      .union([z.ipv4(), z.ipv6()], {
        error: 'accepted: an IP address of this machine or container, such as 172.18.0.5',
      })
      .optional(),
    'Address under which this replica registers, for the gateway. Default: the one that it is bound to, or the first IPv4 address that is not loopback.',
  ),
  gatewayUrl: setting(
    'KITH_GATEWAY_URL',
    z
      .url({ protocol: /^http$/, error: 'accepted: a URL such as http://127.0.0.1:5805' })
      .transform((url) => new URL(url).origin)
      .default('http://127.0.0.1:5805'),
    'The own gateway, through which peers are asked. Default: http://127.0.0.1:5805.',
  ),
  share: setting(
    'KITH_SHARE',
    listSchema(z.string().transform((path) => resolve(path))),
    'Folders that are shared from the start, separated by commas. Default: none.',
  ),
  uploadLimit: setting(
    'KITH_UPLOAD_LIMIT',
    wholeNumber({ min: 1, max: 2 ** 50, error: 'accepted: a number of bytes from 1' }).default(2 * 1024 ** 3),
    'Largest file that may be uploaded, in bytes. Default: 2147483648 (2 GiB), so that a mistake does not fill the disk.',
  ),
  peerTimeoutMs: setting(
    'KITH_SEARCH_PEER_TIMEOUT_MS',
    milliseconds(800, 60_000),
    'How long one peer may take to answer a search, in milliseconds. Default: 800, which leaves time to merge within one second.',
  ),
  searchTimeoutMs: setting(
    'KITH_SEARCH_TIMEOUT_MS',
    milliseconds(950, 60_000),
    'When a search ends with the answers that are there, in milliseconds. Default: 950, for people wait a second at most.',
  ),
  peerSearchRate: setting(
    'KITH_PEER_SEARCH_RATE',
    wholeNumber({ min: 1, max: 10_000, error: 'accepted: searches a second from 1 to 10000' }).default(20),
    'Searches answered a second to one peer; twice as many at once. Default: 20, about what one person who types makes.',
  ),
  rescanMinutes: setting(
    'KITH_RESCAN_MINUTES',
    decimalNumber({ min: 0.01, max: 1440, error: 'accepted: minutes from 0.01 to 1440' }).default(15),
    'How often shared folders are looked through beside being watched, in minutes. Default: 15, for network drives tell of no changes.',
  ),
  pageDirectory: setting(
    'KITH_PAGE',
    z
      .string()
      .transform((path) => resolve(path))
      .default(resolve(import.meta.dirname, '../../web/dist')),
    'Folder of the built web page. Default: the one that `npm run build` makes.',
  ),
} as const;
export type ExchangeSettings = Values<typeof exchangeSettings>;

/** How long a file must rest before it is read, in ms: programs write in several steps. */
export const SETTLE_MS = 300;
/** How long a file must be gone before it is taken off the list, in ms: a move is a removal and an addition. */
export const GONE_MS = 1_000;
/** Events of a folder are gathered for this long, in ms, and looked into at once. */
export const GATHER_MS = 100;
/** Names in one folder that are looked at one by one; with more, the whole folder is looked through. */
export const GATHER_NAMES = 1_000;
/** Files that wait to be read; the walk through a folder pauses while there are as many, so that memory stays bounded. */
export const QUEUE_MAX = 1_000;
/**
 * Documents, and bytes of them, that are written to the index at once: each write waits for the disk. More bytes would
 * be no quicker, and each of them is in memory up to six times on its way.
 */
export const BATCH_FILES = 256;
export const BATCH_BYTES = 2_000_000;
/** Files above this size, in bytes, are read beside the others, so that small ones need not wait for a film. */
export const BIG_FILE_BYTES = 32 * 1024 * 1024;
/** A large file that is read for longer, in ms, has others read beside it: at most so many in all. */
export const BIG_FILE_MS = 15_000;
export const BIG_FILES_MAX = 4;
/** Larger files, in bytes, are not read: a file with holes says any size, and to read 4 TB of them takes hours. */
export const FILE_MAX_BYTES = 256 * 1024 ** 3;
/** How long the reading thread may be silent, in ms, before it is ended and the file that it had is reported. */
export const READER_SILENCE_MS = 20_000;
/** The same for a thread that is only being started, in ms: on a machine that is busy, loading its program takes seconds. */
export const READER_START_MS = 60_000;
/** The reading thread ends after as long without work, in ms: its memory is worth more than its start. */
export const READER_IDLE_MS = 30_000;
/** Memory of the reading thread, in MiB: enough for the largest text thrice. */
export const READER_MEMORY_MB = 96;
/** How often a replica looks whether another has added a folder or taken one away, in ms, beside the event that tells it. */
export const FOLDERS_MS = 5_000;
/** How often a replica looks what the others say of documents and folders, in ms. */
export const OTHERS_MS = 1_000;
/** A replica that stops serves on for so long after it left the list, in ms: until every gateway has seen that. */
export const DRAIN_MS = 1_500;
/** How often an index that is away is asked again for what is to be begun with, in ms. */
export const INDEX_AWAY_MS = 1_000;
/** How long a drive may be silent, in ms, before its folders count as not there; a disk that sleeps takes up to 8 s to spin up. */
export const DRIVE_SILENCE_MS = 15_000;
/** How often a drive that was silent is asked again, in ms: each time may hold one more thread of the process that asks. */
export const DRIVE_PROBE_MS = 60_000;
/** How long a start waits for the drives of shared folders, in ms; longer ones are begun with when they answer. */
export const START_PATIENCE_MS = 2_000;
/** How often a folder that is not there is looked for, in ms. */
export const AWAY_MS = 5_000;
/** How often a folder that cannot be watched is looked through, in ms; longer where that takes long. */
export const UNWATCHED_MS = 60_000;
/** Time without a byte after which an upload is given up, in ms. */
export const UPLOAD_SILENCE_MS = 60_000;
/** Files in one upload. */
export const UPLOAD_FILES_MAX = 10_000;
/** Bytes that must stay free on the disk beside an upload: the database needs room to write. */
export const DISK_RESERVE_BYTES = 64 * 1024 * 1024;
/** Largest answer of a peer that is read, and largest that is given, in bytes. */
export const ANSWER_MAX_BYTES = 1024 * 1024;
/** Searches at the same time in all, and for one peer; a person makes one or two. */
export const SEARCHES_MAX = 32;
export const SEARCHES_PER_PEER = 4;
/** Shortest time between two `results` events of a search, in ms. */
export const RESULTS_EVERY_MS = 50;
/** Open event streams; a browser page has one. */
export const STREAMS_MAX = 64;
/** Pause between the signs of life on an event stream, in ms: below the minute after which proxies close. */
export const HEARTBEAT_MS = 15_000;
/** Shortest time between two words to the pages and the pingback that something changed, in ms. */
export const CHANGES_EVERY_MS = 250;
