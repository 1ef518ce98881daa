/** Origin at which programs of this machine reach a service that is bound to `bind`. */
export function localUrl({ bind, port }: { bind: string; port: number }): string {
  const everywhere = bind === '::' || bind === '0.0.0.0';
  const host = everywhere ? '127.0.0.1' : bind.includes(':') ? `[${bind}]` : bind;
  return `http://${host}:${port}`;
}
