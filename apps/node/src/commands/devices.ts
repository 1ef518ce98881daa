import { devicesViewSchema } from '@kith/wire';
import type { Command } from 'commander';
import { apiOf, type ClientOptions, clientCommand } from '../ask/client-command.ts';
import { plainLine } from '../output/plain-text.ts';
import type { Cli } from '../output/surroundings.ts';
import { agoText } from '../output/time-text.ts';

/** `kith devices`: everything seen on the LAN, peer or not, and why it is no peer. */
export function devicesCommand(cli: Cli): Command {
  const about = 'Everything seen on the network, and what it answered on the pingback port.';
  return clientCommand(cli, 'devices', about, ['devices', 'devices --json']).action(async (options: ClientOptions) => {
    const { devices } = await (await apiOf(cli, options)).get('/_kith/devices', devicesViewSchema);
    if (options.json) cli.terminal.json({ devices }, 2);
    else if (devices.length === 0) cli.terminal.note('No device was seen yet.');
    else
      cli.terminal.table([
        ['ADDRESS', 'MAC', 'INTERFACE', 'ANSWER', 'PEER', 'SEEN', 'DETAIL'],
        ...devices.map((one) => [
          one.address,
          plainLine(one.mac ?? ''),
          plainLine(one.interface ?? ''),
          one.isDefaultGateway ? `${one.answer}, default gateway` : one.answer,
          plainLine(one.peer?.name ?? ''),
          agoText(one.lastSeenAt, Date.now()),
          plainLine(one.detail ?? ''),
        ]),
      ]);
  });
}
