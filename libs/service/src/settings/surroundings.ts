import { homedir, hostname } from 'node:os';
import { defaultDataDirectory } from './data-directory.ts';

/** What a fresh machine gives as defaults. The one place outside a `main.ts` that looks at the process's environment. */
export const surroundings = {
  dataDirectory: () => defaultDataDirectory({ platform: process.platform, env: process.env, home: homedir() }),
  hostName: () => hostname(),
};
