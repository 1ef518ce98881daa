/** Bytes at the start of a file by which it is decided whether it is text. */
const SNIFF_BYTES = 64 * 1024;

/**
 * The text of the bytes at the start of a file, or undefined where they are no text. Encodings: what a byte-order mark
 * says; UTF-16 without one, by where its zeros are; UTF-8 where the bytes are that; else `declared` or Windows-1252,
 * which includes Latin-1. `declared` looks for what the document says of itself.
 */
export function decodeText(bytes: Uint8Array, declared?: (start: string) => string | undefined): string | undefined {
  const encoding = encodingOf(bytes, declared);
  return encoding === undefined ? undefined : decode(bytes, encoding);
}

/** The encoding by which `decodeText` goes; undefined where the bytes are no text. */
export function encodingOf(
  bytes: Uint8Array,
  declared: (start: string) => string | undefined = () => undefined,
): string | undefined {
  const marked = byMark(bytes);
  if (marked) return marked;
  const sniffed = bytes.subarray(0, SNIFF_BYTES);
  const wide = wideEncoding(sniffed);
  if (wide) return wide;
  if (sniffed.includes(0)) return undefined;
  if (hasControls(sniffed)) return undefined;
  if (isUtf8(sniffed, sniffed.length < bytes.length)) return 'utf-8';
  const said = declared(decode(sniffed.subarray(0, 2048), 'windows-1252'));
  return said !== undefined && isEncoding(said) ? said : 'windows-1252';
}

export function decode(bytes: Uint8Array, encoding: string): string {
  return new TextDecoder(encoding).decode(bytes);
}

function byMark(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}

/** UTF-16 of mostly European text: every second byte is zero, and nearly none of the others. */
function wideEncoding(bytes: Uint8Array): string | undefined {
  if (bytes.length < 4) return undefined;
  const zeros = [0, 0];
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const half = bytes.length / 2;
  if (odd > half * 0.7 && even < half * 0.05) return 'utf-16le';
  if (even > half * 0.7 && odd < half * 0.05) return 'utf-16be';
  return undefined;
}

/** Where only a beginning is looked at, its last character may be cut in the middle. */
function isUtf8(bytes: Uint8Array, isCut: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
    return true;
  } catch {
    return false;
  }
}

/** Control characters that no text has; tab, line ends, form feed and escape occur. */
function hasControls(bytes: Uint8Array): boolean {
  let count = 0;
  for (const byte of bytes)
    if (byte < 9 || byte === 11 || (byte > 13 && byte < 32 && byte !== 27) || byte === 127) count++;
  return count > bytes.length / 1000;
}

function isEncoding(name: string): boolean {
  try {
    new TextDecoder(name);
    return true;
  } catch {
    return false;
  }
}
