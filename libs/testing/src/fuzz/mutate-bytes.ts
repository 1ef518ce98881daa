import type { Random } from './random.ts';

const INTERESTING = [0x00, 0x01, 0x09, 0x0a, 0x0d, 0x16, 0x20, 0x22, 0x3a, 0x5c, 0x7b, 0x7f, 0x80, 0xc0, 0xfe, 0xff];

/** A copy of some bytes with up to `most` places flipped, set, cut out, doubled or filled up; also none at all. */
export function mutateBytes(random: Random, bytes: Uint8Array, most = 4): Buffer {
  let copy: Buffer = Buffer.from(bytes);
  for (let changes = random.int(most + 1); changes > 0; changes--) {
    const at = random.int(copy.length + 1);
    const length = 1 + random.int(random.chance(0.2) ? 64 : 4);
    const what = random.int(6);
    if (what === 0 && copy.length > 0) copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ (1 << random.int(8));
    else if (what === 1 && copy.length > 0) copy[at % copy.length] = random.pick(INTERESTING);
    else if (what === 2) copy = Buffer.concat([copy.subarray(0, at), copy.subarray(at + length)]);
    else if (what === 3)
      copy = Buffer.concat([copy.subarray(0, at), copy.subarray(at, at + length), copy.subarray(at)]);
    else if (what === 4) copy = Buffer.concat([copy.subarray(0, at), random.bytes(length), copy.subarray(at)]);
    else if (random.chance(0.3)) copy = copy.subarray(0, at);
  }
  return copy;
}

/** The same bytes in 1 to `most` pieces, cut anywhere. */
export function cutAnywhere(random: Random, bytes: Uint8Array, most = 4): Buffer[] {
  const cuts = Array.from({ length: random.int(most) }, () => random.int(bytes.length + 1)).sort((a, b) => a - b);
  return [0, ...cuts].map((from, i) => Buffer.from(bytes.subarray(from, cuts[i] ?? bytes.length)));
}
