const MAC = /^[0-9a-f]{1,2}([:-][0-9a-f]{1,2}){5}$/i;

/**
 * A hardware address as every system spells it (colons or hyphens, capitals, macOS without leading zeros) in one form:
 * `00:19:99:50:3a:03`. Undefined for what is none, and for those that are no device's own: all zeros, broadcast, groups.
 */
export function normalMac(text: string): string | undefined {
  if (!MAC.test(text)) return undefined;
  const parts = text.toLowerCase().split(/[:-]/);
  const isGroup = Number.parseInt(parts[0] ?? '1', 16) % 2 === 1;
  if (isGroup || parts.every((part) => Number.parseInt(part, 16) === 0)) return undefined;
  return parts.map((part) => part.padStart(2, '0')).join(':');
}
