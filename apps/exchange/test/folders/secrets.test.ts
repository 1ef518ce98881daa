import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secretReason } from '../../src/tree/secrets.ts';
import { ShareRules } from '../../src/tree/share-rules.ts';

/** By reason: what is left out wherever it lies in a shared folder. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  keys: [
    '.ssh/ backup/.SSH/ .gnupg/ .pki/ Keychains/ x/id_rsa id_ed25519 id_ecdsa_sk id_rsa.old id_ed25519-work',
    'tls/server.pem tls/server.KEY a.p12 a.pfx a.jks a.ppk office.ovpn login.keychain-db krb5.keytab secring.gpg a.p8',
  ],
  passwords: [
    '.password-store/ 1Password/ mine.agilekeychain/ mine.opvault/ private.kdbx old.kdb a.psafe3 export.1pux',
    '.netrc _netrc .pgpass .my.cnf .htpasswd shadow keyrings/ Microsoft/Credentials/ Microsoft/Protect/',
    'passwords.txt Passwords.csv password.xlsx bitwarden_export_2026.json lastpass-export.csv chrome-passwords.csv Passwörter.docx',
  ],
  'access to other services': [
    '.aws/ .azure/ .kube/ .docker/ .config/gcloud/ .config/gh/ app/.env app/.env.local app/.env.production .envrc',
    'production.env .npmrc .pypirc .git-credentials .vault-token rclone.conf credentials credentials.json',
    'client_secret_1.json service-account-a.json secrets.yaml terraform.tfstate x/terraform.tfstate.backup',
  ],
  'a browser’s passwords and sessions': [
    '.mozilla/ .thunderbird/ google-chrome/ BraveSoftware/ Firefox/Profiles/ key4.db logins.json cookies.sqlite Cookies',
  ],
  'a wallet': ['.bitcoin/ .electrum/ .monero/ wallet.dat my.wallet Exodus.wallet/'],
  'a history of commands': ['.bash_history .zsh_history .python_history .psql_history .lesshst fish_history'],
};
const WITH_SPACES: Readonly<Record<string, string>> = {
  'Google/Chrome/User Data/': 'a browser’s passwords and sessions',
  'AppData/Local/Microsoft/Edge/User Data/': 'a browser’s passwords and sessions',
  'Library/Application Support/Firefox/': 'a browser’s passwords and sessions',
  'Default/Login Data': 'a browser’s passwords and sessions',
};

test('what is known to hold keys, passwords, sessions or money is left out, with the reason', () => {
  const all = Object.entries(LEFT_OUT).flatMap(([reason, lines]) =>
    lines.flatMap((line) => line.split(' ').map((path) => [path, reason] as const)),
  );
  assert.ok(all.length > 80);
  for (const [path, reason] of [...all, ...Object.entries(WITH_SPACES)]) assert.equal(secretReason(path), reason, path);
});

test('people’s documents are shared', () => {
  const documents = [
    ...[
      'id_card.pdf',
      'id_photo.jpg',
      'id_rsa.pub',
      'keys of the house.txt',
      'keyboard.md',
      'monkey.txt',
      'the key.docx',
    ],
    ...['wallet.jpg', 'password policy.pdf', 'cookies.md', 'Cookies/', 'recipes/cookies.txt', 'environment.txt'],
    ...[
      'history.txt',
      'secret santa.txt',
      'credentials of the speaker.pdf',
      'chromium.txt',
      'notes/ssh.md',
      'a.env.md',
    ],
    ...['Keychain.docx', 'shadows/', 'shadow puppets.md', 'logins/', 'firefox/', 'aws/', 'docker/', 'kube.md'],
  ];
  assert.deepEqual(
    documents.filter((path) => secretReason(path) !== undefined),
    [],
  );
});

test('a presentation that is called as a key is known by its size', () => {
  assert.equal(secretReason('talk.key', 5_000_000), undefined);
  assert.equal(secretReason('talk.key', 1_700), 'keys');
});

test('what is in a folder of secrets is left out with it, and shared where its owner names it', () => {
  const out = (also: string[], path: string) => new ShareRules(also).leftOut(path);
  assert.deepEqual(out([], 'home/.ssh/config'), { path: 'home/.ssh/', reason: 'keys' });
  assert.deepEqual(out([], 'home/.cache/x'), { path: 'home/.cache/' });
  assert.equal(out([], 'home/a.txt'), undefined);
  assert.equal(out(['home/.ssh'], 'home/.ssh/config'), undefined);
  assert.equal(out(['home/.ssh/'], 'home/.ssh/id_rsa'), undefined);
  assert.deepEqual(out(['home/.ssh'], 'other/.ssh/config'), { path: 'other/.ssh/', reason: 'keys' });
  assert.equal(out(['a/.env'], 'a/.env'), undefined);
  assert.equal(out([''], '.ssh/id_rsa'), undefined);
  assert.deepEqual(out([''], 'node_modules/x'), { path: 'node_modules/x' });
});
