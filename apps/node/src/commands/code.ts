import { makePairingCode } from '@kith/identity';
import { Command } from 'commander';
import { isCompose } from '../output/called-as.ts';
import type { Cli } from '../output/surroundings.ts';

/** `kith code`: a new pairing code. It needs no running node, and keeps nothing. */
export function codeCommand(cli: Cli): Command {
  return new Command('code')
    .description('Makes a pairing code: nodes that are started with the same one trust each other.')
    .option('--json', 'answer as JSON')
    .addHelpText('after', `\nExamples:\n  ${cli.kith} code\n  ${cli.kith} code --json`)
    .action(async ({ json }: { json?: boolean }) => {
      const code = makePairingCode();
      const { terminal } = cli;
      if (json) return terminal.json({ code });
      terminal.line(terminal.style('bold', code));
      if (terminal.isTTY) {
        // Loaded only here: every other command, and a node, can do without.
        const { default: qrCode } = await import('qrcode');
        // With its own colours it can be read on dark and light terminals alike.
        const picture = cli.env.NO_COLOR ? ({ type: 'utf8' } as const) : ({ type: 'terminal', small: true } as const);
        terminal.note(`\n${await qrCode.toString(code, picture)}`);
      }
      const use = isCompose(cli.kith)
        ? `
Write them into a file on every machine of your group, such as secrets/pairing-code, name it in .env
(KITH_PAIRING_CODE_FILE=./secrets/pairing-code), then: docker compose up -d`
        : `
Start every node of your group so, and paste the words when it asks for them (nothing is shown):
  npm start -- --code
Without a person, as at boot: write them into a file that only you can read, and start with --code-file FILE.`;
      terminal.note(`${use}
Whoever knows the words is trusted, so give them on paper, by voice or as this QR picture, not in an open chat.`);
    });
}
