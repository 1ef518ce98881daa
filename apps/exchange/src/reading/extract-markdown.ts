import type { ExtractedText } from './extracted-text.ts';

const FRONT_MATTER = /^---\r?\n([\s\S]{0,20000}?)\r?\n---\s*(?:\r?\n|$)/;
const FRONT_TITLE = /^title:[ \t]*(["']?)(.*?)\1[ \t]*\r?$/m;
/** `# Heading`, or a line underlined with `===`. */
const HEADING = /^ {0,3}#{1,6}[ \t]+(.+?)[ \t#]*\r?$|^(?=\S)(.+?)\r?\n={3,}[ \t]*\r?$/m;

/** Title: `title:` of the front matter, else the first heading. The text stays as it was written. */
export function extractMarkdown(source: string): ExtractedText {
  const front = FRONT_MATTER.exec(source);
  const named = front?.[1] === undefined ? undefined : FRONT_TITLE.exec(front[1])?.[2];
  // A heading that is not near the beginning is no title.
  const heading = HEADING.exec(source.slice(front?.[0].length ?? 0).slice(0, 20_000));
  return { title: named || heading?.[1] || heading?.[2], text: source };
}
