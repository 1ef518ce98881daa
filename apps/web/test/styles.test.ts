import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const sources = join(import.meta.dirname, '../src');
const textOf = (file: string) => readFileSync(join(sources, file), 'utf8');

test('every component of Mantine that the page uses brings its style', () => {
  const styles = join(dirname(createRequire(import.meta.url).resolve('@mantine/core/styles.css')), 'styles');
  const brought = textOf('styles/mantine.ts');
  const used = globSync('**/*.tsx', { cwd: sources }).flatMap((file) => {
    const imports = textOf(file).matchAll(/import \{([^}]*)\} from '@mantine\/core'/g);
    return [...imports].flatMap(([, names = '']) => names.split(',').map((name) => name.trim()));
  });
  assert.ok(used.includes('Button'), 'the components are found in the code');
  const bare = [...new Set(used)].filter(
    (name) => existsSync(join(styles, `${name}.css`)) && !brought.includes(`/styles/${name}.css`),
  );
  assert.deepEqual(bare, []);
});
