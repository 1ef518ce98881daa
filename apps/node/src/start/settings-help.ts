import { nodeSettings } from '../settings.ts';

const WIDTH = 100;

/** All settings of a node for `kith start --help`: the variable, then what it does. */
export function settingsHelp(): string {
  const byEnv = new Map(Object.values(nodeSettings).map((one) => [one.env, one]));
  const settings = [...byEnv.values()].sort((a, b) => (a.env < b.env ? -1 : 1));
  const lines = settings.flatMap(({ env, about }) => [
    `  ${env}`,
    ...wrap(about, WIDTH - 6).map((line) => `      ${line}`),
  ]);
  return [
    '',
    'Settings by environment variable (a flag wins; NAME_FILE names a file that holds the value of NAME, for secrets):',
    ...lines,
  ].join('\n');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
