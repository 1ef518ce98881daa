import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { tempDirectory } from '@kith/testing';
import { nodeIdSchema } from '@kith/wire';
import { idOfCertificate, nextIncarnation, openIdentity, verifySignature } from '../src/index.ts';

const run = promisify(execFile);

test('the first start makes an identity, the next one finds it', async (t) => {
  const data = join(tempDirectory(t), 'new', 'data');
  const made = await openIdentity(data);
  const found = await openIdentity(data);
  assert.ok(nodeIdSchema.safeParse(made.id).success);
  assert.deepEqual({ ...found, sign: 0 }, { ...made, sign: 0 });
  assert.deepEqual((await readdir(join(data, 'identity'))).sort(), ['certificate.pem', 'internal-key', 'key.pem']);
  assert.deepEqual(await readdir(data), ['identity', 'owner-token'], 'no draft stays behind');
});

test('certificate and signatures belong to the id', async (t) => {
  const identity = await openIdentity(tempDirectory(t));
  const certificate = new X509Certificate(identity.certificatePem);
  assert.equal(idOfCertificate(certificate), identity.id);
  assert.equal(certificate.publicKey.asymmetricKeyType, 'ed25519');
  assert.ok(certificate.verify(certificate.publicKey));
  assert.equal(new Date(certificate.validTo).getUTCFullYear(), 9999);
  const signature = identity.sign('grüße\n');
  assert.match(signature, /^[A-Za-z0-9_-]{86}$/);
  assert.ok(verifySignature(identity.publicKey, 'grüße\n', signature));
  assert.ok(!verifySignature(identity.publicKey, 'grüße', signature));
  assert.ok(!verifySignature('nonsense', 'grüße\n', signature));
});

test('nobody else can read the files', { skip: process.platform === 'win32' && 'Windows has no modes' }, async (t) => {
  const data = tempDirectory(t);
  await openIdentity(data);
  const names = await readdir(join(data, 'identity'));
  for (const name of names) assert.equal((await stat(join(data, 'identity', name))).mode & 0o777, 0o600, name);
  assert.equal((await stat(join(data, 'identity'))).mode & 0o777, 0o700);
});

test('several processes that start at once get one identity', async (t) => {
  const data = tempDirectory(t);
  const source = new URL('../src/index.ts', import.meta.url).href;
  const program = `import { openIdentity } from ${JSON.stringify(source)};
    const { id, internalKey } = await openIdentity(${JSON.stringify(data)}); console.log(id, internalKey);`;
  const outputs = await Promise.all(
    [1, 2, 3].map(() => run(process.execPath, ['--input-type=module', '-e', program], { timeout: 300_000 })),
  );
  assert.equal(new Set(outputs.map(({ stdout }) => stdout)).size, 1);
  assert.deepEqual(await readdir(data), ['identity', 'owner-token']);
});

test('callers of one process that open at once get one identity', async (t) => {
  const data = tempDirectory(t);
  const opened = await Promise.all(Array.from({ length: 8 }, () => openIdentity(data)));
  assert.equal(new Set(opened.map(({ id }) => id)).size, 1);
});

const otherKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
const x25519 = generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
const damages: [name: string, damage: (folder: string) => Promise<void>, problem: RegExp][] = [
  ['key gone', (f) => rm(join(f, 'key.pem')), /key\.pem is missing.*backup/],
  ['certificate gone', (f) => rm(join(f, 'certificate.pem')), /certificate\.pem is missing/],
  ['internal key gone', (f) => rm(join(f, 'internal-key')), /internal-key is missing/],
  ['key empty', (f) => writeFile(join(f, 'key.pem'), ''), /key\.pem cannot be understood/],
  ['key of another kind', (f) => writeFile(join(f, 'key.pem'), x25519), /not an ed25519 key/],
  ['another key', (f) => writeFile(join(f, 'key.pem'), otherKey), /belongs to another key/],
  ['certificate cut', (f) => writeFile(join(f, 'certificate.pem'), '-----BEGIN'), /certificate\.pem cannot be/],
  ['internal key cut', (f) => writeFile(join(f, 'internal-key'), 'abc'), /internal-key is not 43 characters/],
];
for (const [name, damage, problem] of damages) {
  test(`damage is told and nothing is replaced: ${name}`, async (t) => {
    const data = tempDirectory(t);
    await openIdentity(data);
    const folder = join(data, 'identity');
    await damage(folder);
    const before = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')));
    await assert.rejects(openIdentity(data), { code: 'identity_unusable', message: problem });
    const after = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8')));
    assert.deepEqual(after, before);
  });
}

test('a data directory that cannot be used is told', async (t) => {
  const data = tempDirectory(t);
  await writeFile(join(data, 'file'), '');
  await assert.rejects(openIdentity(join(data, 'file')), {
    code: 'identity_unusable',
    message: /KITH_DATA|make it readable/,
  });
  await writeFile(join(data, 'identity'), '');
  await assert.rejects(openIdentity(data), { code: 'identity_unusable' });
});

test('an empty folder in place of the identity is filled', async (t) => {
  const data = tempDirectory(t);
  await mkdir(join(data, 'identity'));
  assert.equal((await openIdentity(data)).id, (await openIdentity(data)).id);
});

test('the incarnation counts starts and survives', async (t) => {
  const data = tempDirectory(t);
  await openIdentity(data);
  assert.equal(await nextIncarnation(data), 1);
  assert.equal(await nextIncarnation(data), 2);
  const path = join(data, 'identity', 'incarnation');
  assert.equal(await readFile(path, 'utf8'), '2\n');
  await openIdentity(data);
  await writeFile(path, 'two');
  const told: string[] = [];
  const options = { now: () => 1_800_000_000_000, onDamage: (sentence: string) => told.push(sentence) };
  assert.equal(await nextIncarnation(data, options), 1_800_000_001);
  assert.equal(await nextIncarnation(data, options), 1_800_000_002);
  for (const damage of ['', '\0\0\0', '9'.repeat(16), '-1', '1e3', '7\n7']) {
    await writeFile(path, damage);
    // Higher than before also if it is damaged again, for a node is not started more than once a second.
    assert.equal(await nextIncarnation(data, { ...options, now: () => 1_800_000_060_000 }), 1_800_000_061);
  }
  assert.equal(told.length, 7);
  assert.match(told[0] ?? '', /damaged: the starts of this node are counted from 1800000001 on/);
});
