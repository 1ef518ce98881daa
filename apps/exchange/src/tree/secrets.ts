/*
 * Names under which programs keep what opens other things: keys, passwords, sessions, money. Whoever shares a folder
 * hardly ever means these, and seldom knows that they are in it. They are left out of every share unless its owner names
 * them. The rule goes by names alone, plus the size where a name has an innocent meaning as well.
 */

interface Rule {
  /** Said to the owner after "Left out:". */
  readonly reason: string;
  readonly folders?: RegExp;
  readonly files?: RegExp;
  /** Files above this size, in bytes, are something else: a presentation is called `.key` too. */
  readonly upTo?: number;
}

const KEYS = 'keys';
const PASSWORDS = 'passwords';
const ACCESS = 'access to other services';
const BROWSER = 'a browser’s passwords and sessions';
const WALLET = 'a wallet';
const HISTORY = 'a history of commands';

/** Matched against the lower-case path with a `/` before it; a folder's ends with `/`. */
const RULES: readonly Rule[] = [
  { reason: KEYS, folders: /\/(\.ssh|\.gnupg|\.pki|\.putty|keychains|private-keys-v1\.d)\/$/ },
  { reason: KEYS, files: /\/id_(rsa|dsa|ecdsa|ed25519|xmss)(_sk)?([._-](?!pub$)[^/]*)?$/ },
  { reason: KEYS, files: /\.(pem|key|p8|pk8|der)$/, upTo: 64 * 1024 },
  {
    reason: KEYS,
    files: /(\.(p12|pfx|jks|keystore|bks|ppk|ovpn|keychain|keychain-db|keytab)|\/secring\.gpg|\/authorized_keys)$/,
  },
  { reason: PASSWORDS, folders: /(\/(\.password-store|\.passwords|1password)|\.(agilekeychain|opvault|1pux))\/$/ },
  {
    reason: PASSWORDS,
    files:
      /(\.(kdbx?|psafe3|1pif|1pux|enpassdb|kwallet|keyring)|\/(\.?passwo?r?ds?|passwörter|mots-de-passe|contraseñas)\.(txt|csv|xlsx?|ods|docx?|odt|md))$/,
  },
  {
    reason: PASSWORDS,
    files:
      /\/((chrome|firefox|edge|safari)[ _-]passwords|bitwarden_export[^/]*|lastpass[^/]*|1password[^/]*|keepass[^/]*)\.(csv|json)$/,
  },
  {
    reason: PASSWORDS,
    files:
      /\/(\.netrc|_netrc|\.pgpass|\.my\.cnf|\.mylogin\.cnf|\.htpasswd|\.smbcredentials|shadow|gshadow|ntuser\.dat)$/,
  },
  { reason: PASSWORDS, folders: /\/(\.local\/share\/keyrings|keyrings|microsoft\/(credentials|protect|vault))\/$/ },
  {
    reason: ACCESS,
    folders:
      /\/(\.aws|\.azure|\.kube|\.docker|\.config\/(gcloud|gh|hub|op|rclone|doctl|heroku)|\.oci|\.terraform\.d)\/$/,
  },
  {
    reason: ACCESS,
    files:
      /\/(\.env(\.[^/]*)?|\.envrc|[^/.]+\.env|\.npmrc|\.pypirc|\.git-credentials|\.vault-token|\.s3cfg|\.boto|rclone\.conf|credentials(\.json|\.ya?ml)?|client_secrets?[^/]*\.json|service[-_]account[^/]*\.json|secrets?\.(json|ya?ml|toml)|[^/]*\.tfstate(\.backup)?)$/,
  },
  { reason: ACCESS, files: /\/\.docker\/config\.json$/ },
  {
    reason: BROWSER,
    folders:
      /\/(\.mozilla|\.thunderbird|firefox\/profiles|thunderbird\/profiles|(google\/chrome|chromium|microsoft\/edge|bravesoftware\/brave-browser|vivaldi)\/user data|google-chrome|chromium|microsoft-edge|bravesoftware|application support\/(google\/chrome|firefox|chromium|microsoft edge|bravesoftware))\/$/,
  },
  {
    reason: BROWSER,
    files:
      /\/(logins(-backup)?\.json|key[34]\.db|cert[89]\.db|signons\.sqlite|cookies(\.sqlite|\.binarycookies)?|login data( for account)?|web data|local state)$/,
  },
  {
    reason: WALLET,
    folders: /\/(\.bitcoin|\.ethereum|\.electrum|\.monero|\.litecoin|\.dogecoin|electrum\/wallets|exodus\.wallet)\/$/,
  },
  { reason: WALLET, files: /(\/(wallet\.dat|default_wallet)|\.wallet|\/utc--[^/]*--[0-9a-f]{40})$/ },
  {
    reason: HISTORY,
    files:
      /\/(\.(bash|zsh|sh|ash|ksh|fish|python|node_repl|psql|mysql|sqlite|rediscli|irb|r)_?history|\.lesshst|\.viminfo|fish_history|consolehost_history\.txt)$/,
  },
];

/**
 * Why a file or folder is left out of a share, or undefined. `path` is relative with `/`, a folder's ends with `/`; the
 * size, in bytes, may be left out: then a file that is left out up to some size counts as left out.
 */
export function secretReason(path: string, size = 0): string | undefined {
  const text = `/${path.normalize('NFC').toLowerCase()}`;
  const isFolder = text.endsWith('/');
  return RULES.find(({ folders, files, upTo }) => {
    const names = isFolder ? folders : files;
    return names?.test(text) && (upTo === undefined || size <= upTo);
  })?.reason;
}
