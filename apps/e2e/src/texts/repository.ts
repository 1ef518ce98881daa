import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../../../..');

export interface Project {
  /** `libs/wire` */
  readonly folder: string;
  /** `wire` */
  readonly name: string;
  readonly kind: 'app' | 'lib';
  readonly dependencies: ReadonlySet<string>;
  readonly devDependencies: ReadonlySet<string>;
}

/** All files that git knows or would take (nothing ignored), relative to the root, that exist now. */
export function repositoryFiles(): string[] {
  const output = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  return output.split('\n').filter((file) => file !== '' && existsSync(join(root, file)));
}

export function readText(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

export function projects(): Project[] {
  return repositoryFiles()
    .filter((file) => /^(apps|libs)\/[^/]+\/package\.json$/.test(file))
    .map((file) => {
      const manifest = JSON.parse(readText(file));
      const folder = file.slice(0, -'/package.json'.length);
      return {
        folder,
        name: folder.slice(5),
        kind: folder.startsWith('apps/') ? 'app' : 'lib',
        dependencies: new Set(Object.keys(manifest.dependencies ?? {})),
        devDependencies: new Set(Object.keys(manifest.devDependencies ?? {})),
      };
    });
}

/** Packages that a source file imports: `@kith/wire`, `fastify`, `node:fs`; relative imports are left out. */
export function importedPackages(source: string): string[] {
  // Only what can be a specifier: text in a string that looks like an import is none.
  const found = source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*(['"])(@?[a-zA-Z][\w./:-]*|\.[\w./-]*)\1/g);
  const specifiers = [...found].map((match) => match[2] ?? '');
  return specifiers.filter((one) => one !== '' && !one.startsWith('.')).map(packageOf);
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
