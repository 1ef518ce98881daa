import type { Coverage, SearchPage, SearchResult } from '@kith/wire';
import { cutToWidth, plainLine, textWidth } from './plain-text.ts';
import type { Terminal } from './terminal.ts';
import { agoText, sizeText } from './time-text.ts';

/** The lines of a page of results, best first, each cut to the terminal's width. */
export function resultLines(page: SearchPage, terminal: Terminal): string[] {
  return page.results.flatMap((result, index) => {
    const number = String(index + 1).padStart(2);
    const room = Math.max(20, terminal.columns - 4);
    const lines = [
      `${terminal.style('cyan', number)}  ${terminal.style('bold', cutToWidth(plainLine(result.title), room))}`,
    ];
    if (result.snippet) lines.push(`    ${snippetText(result.snippet, terminal, room)}`);
    return [...lines, `    ${terminal.style('dim', cutToWidth(factsText(result), room))}`];
  });
}

function factsText({ holders, size, mediaType, hash, name, title, complete }: SearchResult): string {
  const who = holders.map((one) => (one.self ? 'this node' : plainLine(one.name)));
  const parts = [
    who.join(', '),
    ...(name === title ? [] : [plainLine(name)]),
    sizeText(size),
    mediaType,
    hash.slice(0, 12),
  ];
  return `${parts.join(' · ')}${complete ? '' : ' · not all words'}`;
}

/** The snippet on one line with its marks in bold; what is wider than the terminal is left out at the end. */
function snippetText({ text, marks }: NonNullable<SearchResult['snippet']>, terminal: Terminal, room: number): string {
  const pieces: { text: string; marked: boolean }[] = [];
  let at = 0;
  for (const [from, to] of marks) {
    if (from < at || to > text.length || to <= from) continue;
    pieces.push({ text: text.slice(at, from), marked: false }, { text: text.slice(from, to), marked: true });
    at = to;
  }
  pieces.push({ text: text.slice(at), marked: false });
  let left = room;
  let line = '';
  for (const piece of pieces) {
    const plain = plainLine(piece.text);
    if (left <= 1 || plain === '') continue;
    const cut = cutToWidth(plain, left);
    left -= textWidth(cut);
    line += piece.marked ? terminal.style('yellow', cut) : cut;
    if (cut !== plain) break;
  }
  return line;
}

/** What was searched, and what was not: one line, and one more for each node that gave no answer. */
export function coverageLines(page: SearchPage, terminal: Terminal): string[] {
  const asked = page.coverage.length;
  const answered = page.coverage.filter((one) => one.status === 'answered').length;
  const head = `${page.matches} ${page.matches === 1 ? 'match' : 'matches'} in ${page.documents} documents; ${answered} of ${asked} ${asked === 1 ? 'node' : 'nodes'} answered${page.final ? ` in ${Math.round(page.tookMs)} ms` : ' so far'}.`;
  const missing = page.coverage.filter((one) => one.status !== 'answered' && (page.final || one.status !== 'asking'));
  return [terminal.style('dim', head), ...missing.map((one) => terminal.style('yellow', `! ${missingText(one)}`))];
}

function missingText({ name, self, status, message, lastSeenAt }: Coverage): string {
  const who = self ? 'This node' : plainLine(name);
  const seen = lastSeenAt === undefined ? '' : ` Last seen ${agoText(lastSeenAt, Date.now())}.`;
  return `${who}: not searched (${status}). ${plainLine(message ?? '')}${seen}`.trim();
}
