import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importedPackages, projects, readText, repositoryFiles } from '../src/texts/repository.ts';

const files = repositoryFiles();
const all = projects();
const projectOf = (file: string) => all.find(({ folder }) => file.startsWith(`${folder}/`));
const isCode = (file: string) => /\.(ts|tsx|mjs)$/.test(file);
const isTest = (file: string) => /^(apps|libs)\/[^/]+\/(test|compliance)\//.test(file);

/** Where each heavy third-party package may be imported (architecture.md section 2). */
const fences: Record<string, string[]> = {
  ioredis: ['peers-redis'],
  '@elastic/elasticsearch': ['documents-elasticsearch'],
  'node:sqlite': ['embedded-sqlite'],
  network: ['lan'],
  'node-arp': ['lan'],
  '@peculiar/x509': ['identity'],
  '@scure/bip39': ['identity'],
  pino: ['service'],
  'prom-client': ['service'],
  '@fastify/http-proxy': ['gateway'],
  htmlparser2: ['exchange'],
  'ipaddr.js': ['net'],
  react: ['web'],
};
const appsAllowed = [
  'backend',
  'backend-documents',
  'service',
  'lan',
  'net',
  'identity',
  'membership',
  'documents',
  'wire',
];
const libsAllowed: Record<string, string[]> = {
  wire: [],
  membership: ['wire'],
  documents: ['wire'],
  net: [],
  service: ['net', 'wire'],
  identity: ['net', 'wire'],
  lan: ['net', 'service'],
  testing: ['service', 'wire'],
  'peers-redis': ['membership', 'wire'],
  'documents-elasticsearch': ['documents', 'wire'],
  'embedded-sqlite': ['documents', 'membership', 'wire'],
  backend: ['embedded-sqlite', 'membership', 'peers-redis', 'service'],
  'backend-documents': ['documents', 'documents-elasticsearch', 'embedded-sqlite', 'service'],
};

test('every package that is imported is declared by the project that imports it', () => {
  const wrong = files.filter(isCode).flatMap((file) => {
    const project = projectOf(file);
    if (!project) return [];
    const declared =
      isTest(file) || project.name === 'e2e'
        ? [...project.dependencies, ...project.devDependencies]
        : [...project.dependencies];
    const buildOnly = /vite\.config\.ts$/.test(file) ? [...project.devDependencies] : [];
    const known = new Set([...declared, ...buildOnly, `@kith/${project.name}`]);
    return importedPackages(readText(file))
      .filter((one) => !one.startsWith('node:') && !known.has(one))
      .map((one) => `${file} imports ${one}`);
  });
  assert.deepEqual(wrong, []);
});

test('imports go one way: apps → backend → adapters → ports → wire', () => {
  const wrong = all.flatMap((project) => {
    const kith = [...project.dependencies].filter((one) => one.startsWith('@kith/')).map((one) => one.slice(6));
    if (project.name === 'node' || project.name === 'e2e') return [];
    const allowed = project.kind === 'app' ? appsAllowed : (libsAllowed[project.name] ?? []);
    return kith.filter((one) => !allowed.includes(one)).map((one) => `${project.folder} depends on ${one}`);
  });
  assert.deepEqual(wrong, []);
});

test('services without documents carry no search client', () => {
  const dependenciesOf = (name: string): string[] => {
    const own = [...(all.find((one) => one.name === name)?.dependencies ?? [])];
    return own.flatMap((one) => (one.startsWith('@kith/') ? [one, ...dependenciesOf(one.slice(6))] : [one]));
  };
  for (const name of ['pingback', 'scanner', 'gateway']) {
    assert.ok(dependenciesOf(name).includes('ioredis'), `the rule looks at ${name}`);
    assert.ok(!dependenciesOf(name).includes('@elastic/elasticsearch'), name);
  }
});

test('each heavy package is imported only where it is fenced', () => {
  const wrong = files
    .filter((file) => isCode(file) && !isTest(file))
    .flatMap((file) => {
      const project = projectOf(file);
      if (!project || project.name === 'e2e') return [];
      return importedPackages(readText(file))
        .filter((one) => fences[one] && !fences[one].includes(project.name))
        .map((one) => `${file} imports ${one}`);
    });
  assert.deepEqual(wrong, []);
});

test('what an address is, is decided in libs/net alone', () => {
  const decides = /::ffff:|startsWith\('(?:127|fe80|fd|169\.254|192\.168|10\.)|=== '(?:::1?|0\.0\.0\.0)'/;
  const own = files.filter(
    (file) => /^(?:apps|libs)\/[^/]+\/src\//.test(file) && !/^(?:libs\/net|apps\/e2e)\//.test(file),
  );
  // Which family to listen in when the machine has no IPv6 is no matter of what kind of address it is.
  const wrong = own.filter((file) => !/\/listen\.ts$/.test(file) && decides.test(readText(file)));
  assert.deepEqual(wrong, []);
});

test('no file of code is longer than 250 lines', () => {
  const long = files.filter(isCode).map((file) => ({ file, lines: readText(file).split('\n').length - 1 }));
  assert.deepEqual(
    long.filter(({ lines }) => lines > 250),
    [],
  );
});

test('the environment is read in main.ts only', () => {
  const allowed = (file: string) =>
    isTest(file) ||
    /\/main\.ts$/.test(file) ||
    /^(bench|tools|apps\/e2e)\//.test(file) ||
    file === 'libs/service/src/settings/surroundings.ts' ||
    file.startsWith('libs/testing/') ||
    /\/bin\//.test(file);
  const wrong = files.filter((file) => isCode(file) && !allowed(file) && /\bprocess\.env\b/.test(readText(file)));
  assert.deepEqual(wrong, []);
});

test('no folder or file has a name that says nothing', () => {
  const wrong = files.filter(
    (file) => isCode(file) && /(^|\/)(utils?|common|core|helpers?|managers?|misc|shared)(\.|\/)/.test(file),
  );
  assert.deepEqual(wrong, []);
});

test('no loose ends: no suppressed checks, no focused tests, no notes to self', () => {
  // Built from parts, so that this file does not find itself.
  const loose = new RegExp(
    [
      '@ts-' + 'ignore',
      '@ts-' + 'expect-error',
      '\\bTO' + 'DO\\b',
      '\\bFIX' + 'ME\\b',
      '\\b(?:test|it|describe)\\.on' + 'ly\\(',
    ].join('|'),
  );
  assert.deepEqual(
    files.filter((file) => isCode(file) && loose.test(readText(file))),
    [],
  );
});

test('no registry host and no path of a developer’s machine in any text of the repository', () => {
  const secret = new RegExp(
    ['"resolved": "ht' + 'tps?:', '/wo' + 'rk/(?:main|shared|\\.library)', 'BEGIN (?:EC |RSA |)PRIVATE ' + 'KEY'].join(
      '|',
    ),
  );
  const text = files.filter((file) => !/\.(png|ico|jpg|webp|woff2?)$/.test(file));
  assert.deepEqual(
    text.filter((file) => secret.test(readText(file))),
    [],
  );
});
