/** Orders addresses as people do: IPv4 by its numbers, then IPv6 by its text. */
export function compareAddresses(a: string, b: string): number {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== y) return x < y ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function numberOf(address: string): number {
  const parts = address.split('.');
  if (parts.length !== 4) return Number.POSITIVE_INFINITY;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}
