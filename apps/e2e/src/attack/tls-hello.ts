import { HOSTILE_NUMBERS, mutateBytes, type Random } from '@kith/testing';

/** A length that is right, or a lie. */
const lengthOf = (random: Random, right: number, bytes: number): Buffer => {
  const value = random.chance(0.97) ? right : random.pick([0, 1, right - 1, right + 1, 2 ** (8 * bytes) - 1]);
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(Math.max(0, value) % 2 ** (8 * bytes), 0, bytes);
  return buffer;
};
const vector = (random: Random, bytes: number, content: Buffer) =>
  Buffer.concat([lengthOf(random, content.length, bytes), content]);
const uint16 = (value: number) => Buffer.from([(value >> 8) & 0xff, value & 0xff]);
const list16 = (random: Random, values: readonly number[], width: number) =>
  vector(random, width, Buffer.concat(values.map(uint16)));

const SERVER_NAME = 'localhost';

/** The extensions of a ClientHello of TLS 1.3, by number; each with the content that an honest one has. */
const EXTENSIONS: readonly [number, (random: Random) => Buffer][] = [
  [0, (random) => vector(random, 2, Buffer.concat([Buffer.from([0]), vector(random, 2, Buffer.from(SERVER_NAME))]))],
  [10, (random) => list16(random, [0x1d, 0x17, random.int(0xffff)], 2)],
  [13, (random) => list16(random, random.chance(0.9) ? [0x0807] : [0x0403, 0x0804, random.int(0xffff)], 2)],
  [16, (random) => vector(random, 2, vector(random, 1, Buffer.from(random.pick(['http/1.1', 'h2', '', '\u0000']))))],
  [43, (random) => list16(random, random.chance(0.9) ? [0x0304] : [0x0303, 0x7f1c, 0xffff], 1)],
  [51, (random) => vector(random, 2, Buffer.concat([uint16(0x1d), vector(random, 2, random.bytes(32))]))],
  [41, (random) => Buffer.concat([vector(random, 2, random.bytes(40)), vector(random, 2, random.bytes(33))])],
  [42, () => Buffer.alloc(0)],
  [45, (random) => vector(random, 1, Buffer.from([random.pick([0, 1, 255])]))],
  [0x0a0a, (random) => random.bytes(random.int(20))],
  [0xff01, () => Buffer.from([0])],
];

/** A ClientHello that is nearly right: a lie in some length, an extension twice, unknown ones, a broken record. */
export function makeClientHello(random: Random): Buffer {
  const chosen = EXTENSIONS.filter(() => random.chance(0.75));
  if (random.chance(0.05) && chosen[0]) chosen.push(chosen[0]);
  const extensions = Buffer.concat(
    chosen.map(([type, make]) => Buffer.concat([uint16(type), vector(random, 2, make(random))])),
  );
  const suites = random.chance(0.9) ? [0x1301, 0x1302, 0x1303] : [random.int(0xffff)];
  const hello = Buffer.concat([
    uint16(random.chance(0.95) ? 0x0303 : random.int(0xffff)),
    random.bytes(32),
    vector(random, 1, random.bytes(random.pick([0, 32, 32, 33]))),
    list16(random, suites, 2),
    vector(random, 1, Buffer.from([0])),
    vector(random, 2, extensions),
  ]);
  const message = Buffer.concat([
    Buffer.from([random.chance(0.97) ? 1 : random.int(256)]),
    lengthOf(random, hello.length, 3),
    hello,
  ]);
  const split = random.chance(0.05) ? random.int(message.length) : message.length;
  const record = (part: Buffer) =>
    Buffer.concat([Buffer.from([0x16, 3, random.pick([1, 3])]), vector(random, 2, part)]);
  const records = [
    record(message.subarray(0, split)),
    ...(split < message.length ? [record(message.subarray(split))] : []),
  ];
  const after = random.chance(0.2) ? [random.bytes(random.pick(HOSTILE_NUMBERS.filter((n) => n > 0 && n < 100)))] : [];
  const whole = Buffer.concat([...records, ...after]);
  return random.chance(0.4) ? mutateBytes(random, whole, 3) : whole;
}
