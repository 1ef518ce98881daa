/**
 * A hostile server as a program, for a host of a LAN: `hostile-main.ts <name> <port> [<file with a reply>] [<relay to>]`.
 * Prints `ready <port>` and stays until it is ended.
 */
import { readFileSync } from 'node:fs';
import { openHostile } from './hostile.ts';

const [name = '', port = '', file = '', relayTo = ''] = process.argv.slice(2);
const hostile = await openHostile({
  name,
  port: Number(port),
  host: '0.0.0.0',
  ...(file === '' ? {} : { reply: readFileSync(file, 'utf8') }),
  ...(relayTo === '' ? {} : { relayTo }),
});
process.stdout.write(`ready ${hostile.port}\n`);
// `refuses` has nothing open that would keep the process.
setInterval(() => {}, 60_000);
