/** Names that Windows keeps for devices, with any ending. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)/i;
const MAX_BYTES = 200;

/**
 * A file name that is safe in the current folder on every system, made of the name that a peer gave: no separators, no
 * control or format characters, no leading dots or dashes, no reserved names, at most 200 bytes. `fallback` where nothing
 * is left.
 */
export function safeFileName(name: string, fallback: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[/\\:*?"<>|]/g, '_')
    .replace(/^[.\s-]+/, '')
    .replace(/[.\s]+$/, '');
  const short = shortened(plain);
  if (short === '') return fallback;
  return RESERVED.test(short) ? `_${short}` : short;
}

/** Cut to MAX_BYTES of UTF-8, whole characters only; a short ending stays, because programs go by it. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= MAX_BYTES) return name;
  const ending = /\.[a-zA-Z0-9]{1,10}$/.exec(name)?.[0] ?? '';
  let cut = '';
  for (const { segment } of new Intl.Segmenter().segment(name.slice(0, name.length - ending.length))) {
    if (Buffer.byteLength(cut + segment + ending) > MAX_BYTES) break;
    cut += segment;
  }
  return cut.replace(/[.\s]+$/, '') + ending;
}
