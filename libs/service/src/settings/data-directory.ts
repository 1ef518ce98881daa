import { isAbsolute, join } from 'node:path';

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/**
 * Where a node keeps its identity and data when nothing else is said: the customary place of each system.
 * Linux: $XDG_DATA_HOME/kith or ~/.local/share/kith (XDG base directory specification: a relative value is ignored).
 */
export function defaultDataDirectory({ platform, env, home }: Surroundings): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Kith');
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'Kith');
  const xdg = env.XDG_DATA_HOME;
  return join(xdg && isAbsolute(xdg) ? xdg : join(home, '.local', 'share'), 'kith');
}
