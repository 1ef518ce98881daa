const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A name as text, or undefined where its bytes are no UTF-8. */
export function decodeName(name: Uint8Array): string | undefined {
  try {
    return utf8.decode(name);
  } catch {
    return undefined;
  }
}

/** Each byte outside of printable ASCII as `\xHH`, as `ls -b` does. */
export function escapeName(name: Uint8Array): string {
  return [...name]
    .map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`))
    .join('');
}
