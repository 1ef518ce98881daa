import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanLabel, nameOf } from '../src/reading/clean-label.ts';
import { decodeText } from '../src/reading/decode-text.ts';
import { extractHtml } from '../src/reading/extract-html.ts';
import { extractMarkdown } from '../src/reading/extract-markdown.ts';
import { mediaTypeOf } from '../src/reading/media-type.ts';
import { isIgnored } from '../src/tree/ignored-names.ts';

const utf16 = (text: string, mark = true) => Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le');

test('text is told from bytes, and its encoding found', () => {
  const cases: [string, Uint8Array, string | undefined][] = [
    ['nothing', Buffer.from(''), ''],
    ['UTF-8', Buffer.from('grün 水'), 'grün 水'],
    ['UTF-8 with a mark', Buffer.from('\ufeffgrün'), 'grün'],
    ['UTF-8 that is cut within a character where it is sniffed', Buffer.from('水'.repeat(30_000)), '水'.repeat(30_000)],
    ['UTF-16 with a mark', utf16('grün 水'), 'grün 水'],
    ['UTF-16 big-endian with a mark', Buffer.from(utf16('grün')).swap16(), 'grün'],
    ['UTF-16 without a mark', utf16('plain words here', false), 'plain words here'],
    ['Latin-1', Buffer.from('grün und weiß', 'latin1'), 'grün und weiß'],
    ['a picture', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70]), undefined],
    ['zeros', Buffer.alloc(100), undefined],
    ['control characters', Buffer.from([1, 2, 3, 4, 5, 6, 65, 66]), undefined],
    ['an escape sequence', Buffer.from('\u001b[1mbold\u001b[0m'), '\u001b[1mbold\u001b[0m'],
  ];
  for (const [what, bytes, text] of cases) assert.equal(decodeText(bytes), text, what);
  const japanese = Buffer.from([0x3c, 0x6d, 0x65, 0x74, 0x61, 0x3e, 0x90, 0x85]);
  assert.equal(
    decodeText(japanese, () => 'shift_jis'),
    '<meta>水',
  );
  assert.equal(
    decodeText(Buffer.from('weiß', 'latin1'), () => 'no-such-charset'),
    'weiß',
  );
});

test('media types: a name alone is not believed', () => {
  const cases: [string, boolean, string][] = [
    ['a.ts', true, 'text/plain'],
    ['a.ts', false, 'video/mp2t'],
    ['a.md', true, 'text/markdown'],
    ['a.HTML', true, 'text/html'],
    ['a.svg', true, 'image/svg+xml'],
    ['a.png', true, 'text/plain'],
    ['README', true, 'text/plain'],
    ['README', false, 'application/octet-stream'],
    ['a.pdf', false, 'application/pdf'],
    ['a.json', true, 'application/json'],
  ];
  for (const [name, isText, type] of cases) assert.equal(mediaTypeOf(name, isText), type, name);
});

test('HTML: what is shown, without what is not; title decoded', () => {
  const { title, text } = extractHtml(
    `<!doctype html><html><head><title> Fish &amp;\n chips </title><style>p{}</style></head><body><h1>Menu</h1>
     <script>var hidden = 1;</script><p>Cod <b>and</b> <a href="http://x/">plaice</a><img alt="no"></p>
     <table><tr><td>1</td><td>2 £</td></tr></table><ul><li>peas</ul>`,
  );
  assert.equal(title?.replace(/\s+/g, ' ').trim(), 'Fish & chips');
  assert.match(text, /^Menu\s+Cod and plaice\s+1\s+2 £\s+peas$/);
  assert.doesNotMatch(text, /hidden|http|p\{/);
  assert.equal(extractHtml('<p>no title').title, undefined);
});

// Work that grew with the square of the length would not end while a test may run.
test('HTML that is hostile by depth or breadth ends', () => {
  extractHtml('<div>'.repeat(500_000));
  extractHtml('<b><i>'.repeat(200_000));
  extractHtml('<title>'.repeat(100_000));
  extractHtml(`<table>${'<tr><td>x'.repeat(100_000)}`);
  extractHtml('&amp;&#x41;&notanentity;'.repeat(200_000));
  extractHtml('<!--'.repeat(1_000_000));
  extractHtml('<a b="'.repeat(800_000));
  extractHtml(' \n'.repeat(2_000_000));
  assert.equal(extractHtml('<script>'.repeat(600_000)).text.trim(), '');
});

test('Markdown: title of the front matter, else the first heading', () => {
  const titleOf = (source: string) => extractMarkdown(source).title;
  assert.equal(titleOf('text\n\n# First #\n## Second'), 'First');
  assert.equal(titleOf('---\ntitle: "Quoted"\n---\n# Other'), 'Quoted');
  assert.equal(titleOf('---\ntags: a\n---\n# Other'), 'Other');
  assert.equal(titleOf('Underlined\n=====\n'), 'Underlined');
  assert.equal(titleOf('no heading'), undefined);
});

test('labels have one line and at most 300 units, whole characters', () => {
  assert.equal(cleanLabel(' a\n\tb\u2028c\0 '), 'a b c');
  assert.equal(cleanLabel('x'.repeat(500)).length, 300);
  assert.equal(cleanLabel(`${'x'.repeat(299)}💧`), 'x'.repeat(299));
  assert.equal(cleanLabel('\ud800x'), '\ufffdx');
  assert.equal(nameOf('a/b/\n'), 'unnamed');
});

test('the rule of what is left out', () => {
  for (const name of ['.git', 'node_modules', '$RECYCLE.BIN', '.']) assert.ok(isIgnored(name, 'folder'), name);
  for (const name of ['.env', '~$a.docx', 'a.txt~', 'film.mp4.part', 'Thumbs.db'])
    assert.ok(isIgnored(name, 'file'), name);
  for (const name of ['a.txt', 'node_modules', 'template', 'a.parts']) assert.ok(!isIgnored(name, 'file'), name);
});
