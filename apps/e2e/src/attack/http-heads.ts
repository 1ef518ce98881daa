import { cutAnywhere, HOSTILE_TEXTS, mutateBytes, type Random } from '@kith/testing';

const METHODS = [
  'GET',
  'GET',
  'GET',
  'HEAD',
  'POST',
  'DELETE',
  'PUT',
  'PATCH',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'PRI',
  'get',
  '',
];
const VERSIONS = ['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/1.11', 'http/1.1', ''];
/** Paths of every service; none does anything with the bodies below but refuse them. */
const PATHS = [
  '/',
  `/?nonce=${'n'.repeat(22)}`,
  '/?nonce=x&nonce=y&look=2',
  '/index.html',
  '/healthz',
  '/readyz',
  '/metrics',
  '/api/status',
  '/api/search?q=tide&limit=3',
  '/api/search?q=%22%22%22&limit=-1',
  '/api/search?q=%00%ff%fe&prefix=1&scope=here',
  '/api/peer/search',
  '/api/documents?limit=1000000&after=%2e',
  `/api/documents/${'0'.repeat(64)}`,
  `/api/documents/${'0'.repeat(64)}/content`,
  `/api/documents/${'0'.repeat(64)}/text?from=-1&length=1e9`,
  '/api/documents/..%2f..%2fidentity%2fkey.pem/content',
  '/_kith/node',
  '/_kith/peers',
  '/_kith/devices',
  '/_kith/events?after=%00&limit=0x10',
  '/_kith/told',
  '/_kith/pairing/commit',
  '/_kith/pairing/reveal',
  '/_kith/pairing/code',
  '/_kith/pairing/knock',
  '/_kith/peers/%2e%2e/trust',
  '/peers/nobody/api/status',
  '/peers/ben/api/status',
  '/peers/ben/../../_kith/peers',
  '/peers/%2e%2e/%2e%2e/identity/key.pem',
  '//evil.example/',
  '/../../../etc/passwd',
  'http://evil.example/api/status',
  '*',
  'localhost:22',
  '?',
  `/${'a/'.repeat(2_000)}`,
];
const HEADERS = [
  'host',
  'host',
  'kith-key',
  'kith-role',
  'kith-peer',
  'content-length',
  'content-length',
  'transfer-encoding',
  'transfer-encoding',
  'connection',
  'upgrade',
  'expect',
  'range',
  'if-range',
  'if-none-match',
  'accept',
  'accept-encoding',
  'content-type',
  'last-event-id',
  'authorization',
  'origin',
  'referer',
  'sec-fetch-site',
  'sec-fetch-mode',
  'via',
  'forwarded',
  'x-forwarded-for',
  'x-http-method-override',
  'cookie',
  '__proto__',
  'te',
  'trailer',
];
const VALUES = [
  'localhost',
  'localhost:5805',
  'evil.example',
  '[::1',
  'owner',
  'service',
  'chunked',
  'chunked, identity',
  'identity',
  'keep-alive, transfer-encoding',
  'close',
  'upgrade',
  'websocket',
  '100-continue',
  'bytes=0-',
  'bytes=-1,0-0,5-2',
  'bytes=9999999999999999999-',
  'text/event-stream',
  'application/json',
  'multipart/form-data; boundary=x',
  'gzip, br;q=9',
  'Bearer x',
  'null',
  '0',
  '5',
  '-1',
  '0x5',
  '99999999999999999999',
  '*',
];
const BODIES = [
  '',
  '',
  '{}',
  '{"trust":',
  '[]',
  'null',
  '--x\r\n',
  '--x--\r\n',
  '5\r\nhello\r\n0\r\n\r\n',
  'ffffffffffffffff\r\n',
  'hello',
];

/** Requests on one connection, one or a few behind each other, each of them nearly right, in pieces. */
export function makeRequests(random: Random): Buffer[] {
  const requests = Array.from({ length: 1 + (random.chance(0.2) ? random.int(6) : 0) }, () => makeRequest(random));
  return cutAnywhere(random, Buffer.concat(requests), 3);
}

function makeRequest(random: Random): Buffer {
  const end = random.chance(0.97) ? '\r\n' : random.pick(['\n', '\r', '\r\r\n', '\0\r\n']);
  const lines = [`${random.pick(METHODS)} ${pathOf(random)} ${random.pick(VERSIONS)}`];
  if (random.chance(0.85)) lines.push('host: localhost');
  for (let count = random.int(5); count > 0; count--) lines.push(headerOf(random));
  if (random.chance(0.01)) for (let i = 0; i < 2_500; i++) lines.push(`x-${i}: y`);
  if (random.chance(0.01)) lines.push(`x-long: ${'z'.repeat(random.int(40_000))}`);
  const body = random.pick(BODIES);
  if (random.chance(0.5)) lines.push(`content-length: ${body.length}`);
  const whole = Buffer.from(`${lines.join(end)}${end}${end}${body}`, 'latin1');
  return random.chance(0.4) ? mutateBytes(random, whole, 3) : whole;
}

function pathOf(random: Random): string {
  const path = random.pick(PATHS);
  if (random.chance(0.8)) return path;
  return random.chance(0.5)
    ? `${path}${random.pick(HOSTILE_TEXTS)}`
    : `${path}/${encodeURI(random.pick(HOSTILE_TEXTS.map((text) => text.toWellFormed())))}`;
}

function headerOf(random: Random): string {
  const value = random.chance(0.85) ? random.pick(VALUES) : random.pick(HOSTILE_TEXTS);
  return `${random.pick(HEADERS)}${random.pick([': ', ': ', ': ', ':', ' : ', ''])}${value}`;
}
