import assert from 'node:assert/strict';
import { test } from 'node:test';
import { safeFileName } from '../src/ask/safe-file-name.ts';

const names: [string, string, string][] = [
  ['notes.md', 'notes.md', 'as it is'],
  ['飲料水の作り方.md', '飲料水の作り方.md', 'any language'],
  ['../../etc/passwd', '_.._etc_passwd', 'no way out of the folder'],
  ['C:\\Windows\\win.ini', 'C__Windows_win.ini', 'no drives'],
  ['.bashrc', 'bashrc', 'no hidden files'],
  ['..', 'fallback', 'nothing left'],
  ['-rf', 'rf', 'no options'],
  ['con.txt', '_con.txt', 'a device of Windows'],
  ['LPT1', '_LPT1', 'another'],
  ['console.txt', 'console.txt', 'no device, only alike'],
  ['invoice\u202Efdp.exe', 'invoicefdp.exe', 'no turned text'],
  ['a\u0000b\u001b[31m.txt', 'ab[31m.txt', 'no control characters'],
  ['report.txt. . ', 'report.txt', 'endings that Windows drops'],
  ['a\n  b.txt', 'a  b.txt', 'one line'],
];
for (const [given, expected, why] of names) {
  test(`${JSON.stringify(given)} → ${expected}: ${why}`, () => assert.equal(safeFileName(given, 'fallback'), expected));
}

test('a long name is cut at whole characters and keeps its ending', () => {
  const name = safeFileName(`${'é👩‍⚕️'.repeat(60)}.pdf`, 'x');
  assert.ok(Buffer.byteLength(name) <= 200);
  assert.match(name, /\.pdf$/);
  assert.ok(name.isWellFormed());
});
