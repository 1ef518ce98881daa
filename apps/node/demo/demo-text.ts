import type { DemoNode } from './demo-nodes.ts';

export const demoHelp = `npm run demo

Runs three nodes (ana, ben, chidi) on this machine's loopback addresses, with sample documents and one pairing code, until
Ctrl-C. Nothing is sent to the network, and everything is removed at the end. KITH_DEMO_PORT moves its ports (5700).
`;

/** What to try, once the three nodes run. */
export function demoText(nodes: readonly DemoNode[], isTogether: boolean): string {
  const [first] = nodes;
  const pages = nodes.map(({ name, url }) => `  ${name.padEnd(6)} ${url}/`);
  return [
    isTogether
      ? 'Three nodes run on this machine, know each other and search each other’s documents:'
      : 'Three nodes run on this machine, but have not all found each other yet; their pages show more:',
    '',
    ...pages,
    '',
    'Open one of the pages and search for: water, malaria, 飲料水, maji, brûlures',
    'Or in another terminal, in this folder:',
    '',
    `  npm run kith -- search water --node ${first?.url}`,
    '',
    'Ctrl-C ends all three and removes what they wrote.',
    '',
  ].join('\n');
}
