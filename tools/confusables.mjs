// Makes libs/membership/src/peer/confusables.json from Unicode's own table, when a new version of it is out:
//   node tools/confusables.mjs confusables.txt      (https://www.unicode.org/Public/security/latest/confusables.txt)
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [file] = process.argv.slice(2);
if (!file) throw new Error('say which confusables.txt');
const text = readFileSync(file, 'utf8');
const version = /^# Version: (.+)$/m.exec(text)?.[1];
if (!version) throw new Error(`${file} is not Unicode’s confusables.txt`);

const characters = (hex) => String.fromCodePoint(...hex.split(' ').map((one) => Number.parseInt(one, 16)));
/** What the comparison does before it looks here: pairs that are alike after it need no entry. */
const plain = (one) => one.normalize('NFKD').replace(/\p{M}+/gu, '');

const sources = new Map();
for (const line of text.split('\n')) {
  const [, from, to] = /^([0-9A-F]+) ;\t([0-9A-F ]+) ;\tMA/.exec(line) ?? [];
  if (!from || !to || plain(characters(from)) !== characters(from)) continue;
  const target = plain(characters(to.trim()));
  if (target === '' || target === characters(from)) continue;
  sources.set(target, [...(sources.get(target) ?? []), from.toLowerCase().replace(/^0+/, '')]);
}
const written = {
  source: `Unicode confusables.txt ${version}`,
  copyright: '© Unicode, Inc. Unicode License v3: https://www.unicode.org/license.txt',
  /** What is looked like, and the code points (hexadecimal) that look like it. */
  alike: Object.fromEntries([...sources].map(([target, from]) => [target, from.join(' ')])),
};
const out = join(import.meta.dirname, '../libs/membership/src/peer/confusables.json');
writeFileSync(out, `${JSON.stringify(written, null, 2).replace(/[\u0080-\uffff]/g, escaped)}\n`);

function escaped(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
