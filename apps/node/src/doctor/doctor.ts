import { isIP } from 'node:net';
import { isLocal } from '@kith/net';
import { readSettings, sharedSettings } from '@kith/service';
import { nodeViewSchema, peerViewSchema } from '@kith/wire';
import type { Command } from 'commander';
import type { Api } from '../ask/api.ts';
import { apiOf, type ClientOptions, clientCommand } from '../ask/client-command.ts';
import { type Check, showChecks } from '../output/check.ts';
import { CliError, EXIT } from '../output/exit-codes.ts';
import type { Cli } from '../output/surroundings.ts';
import { addressChecks } from './doctor-address.ts';
import { nodeChecks } from './doctor-node.ts';

/** `kith doctor [address or peer]`: what is wrong, with the first link that failed and its remedy. */
export function doctorCommand(cli: Cli): Command {
  const about = 'Looks for what is wrong: with this node, or with the way to another machine.';
  return clientCommand(cli, 'doctor', about, ['doctor', 'doctor 192.168.1.20', 'doctor ben'])
    .argument('[who]', 'address of a machine of this network, or a peer’s name')
    .addHelpText(
      'after',
      '\nEnds with 1 if a check failed, with 3 if no node runs. For a machine: interface, neighbour, port, identity, trust, in this order.',
    )
    .action(async (who: string | undefined, options: ClientOptions) => {
      const api = await apiOf(cli, options);
      const { dataDirectory, pingbackPort } = readSettings(
        { dataDirectory: sharedSettings.dataDirectory, pingbackPort: sharedSettings.pingbackPort },
        cli.env,
      );
      // A node whose store is away says nothing of itself, nor does one that does not run: just then a look is wanted.
      let isRunning = true;
      const node = await api.get('/_kith/node', nodeViewSchema).catch((error: unknown) => {
        if (!(error instanceof CliError)) throw error;
        isRunning = error.exitCode !== EXIT.notRunning;
        if (error.code === 'owner_unproven') throw error;
        if (error.code === undefined && (isRunning || who !== undefined)) throw error;
        return undefined;
      });
      const common = { api, pingbackPort: node?.pingbackPort ?? pingbackPort, kith: cli.kith };
      const checks: Check[] =
        who === undefined
          ? await nodeChecks({ ...common, dataDirectory })
          : await addressChecks({ ...common, address: await addressOf(api, who) });
      if (options.json) cli.terminal.json({ checks }, 2);
      else showChecks(checks, cli.terminal);
      if (!isRunning) cli.setExitCode(EXIT.notRunning);
      else if (checks.some(({ verdict }) => verdict === 'failed')) cli.setExitCode(EXIT.failed);
    });
}

async function addressOf(api: Api, who: string): Promise<string> {
  if (isIP(who) === 0) {
    const peer = await api.get(`/_kith/peers/${encodeURIComponent(who)}`, peerViewSchema);
    const [first] = peer.addresses;
    if (first) return first.address;
    throw new CliError(EXIT.notFound, `No address of ${peer.label} is known.`);
  }
  if (isLocal(who)) return who;
  throw new CliError(
    EXIT.usage,
    `${who} is no address of a local network (10…, 172.16… to 172.31…, 192.168…, 169.254…, fd…, fe80…): Kith looks nowhere else.`,
  );
}
