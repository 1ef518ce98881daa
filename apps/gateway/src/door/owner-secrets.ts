import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { OWNER_SECRET_PREFIX, type OwnerToken } from '@kith/identity';
import { type Clock, ServiceError } from '@kith/service';

/** How long each is good, in milliseconds. */
export const LIVES = {
  /** A link that `kith open` makes: until the browser has opened it. */
  link: 60_000,
  /** The link that a start prints: until a person has read it and clicked. */
  startLink: 10 * 60_000,
  session: 30 * 86_400_000,
  /** Of an address that a browser opens by itself; a download that breaks off may be taken up for as long. */
  pass: 5 * 60_000,
  visit: 12 * 3_600_000,
} as const;

const LINKS_MAX = 64;
const SESSION_PREFIX = `${OWNER_SECRET_PREFIX}page.`;

/**
 * What stands for the owner's token in a browser. All but the links are signed with the token and kept nowhere: they
 * outlive a restart, hold at every gateway of the node, and end with the token when it is renewed.
 */
export class OwnerSecrets {
  readonly #token: Pick<OwnerToken, 'read'>;
  readonly #clock: Clock;
  /** Digest of each link that was not used yet, and when it ends. */
  readonly #links = new Map<string, number>();

  constructor(token: Pick<OwnerToken, 'read'>, clock: Clock) {
    this.#token = token;
    this.#clock = clock;
  }

  /** What a link carries; good once. */
  makeLink(lifeMs: number = LIVES.link): string {
    const once = randomBytes(24).toString('base64url');
    this.#links.set(digest(once), this.#clock.monotonic() + lifeMs);
    const [oldest] = this.#links.keys();
    if (this.#links.size > LINKS_MAX && oldest !== undefined) this.#links.delete(oldest);
    return once;
  }

  /** Changes what a link carried for a session; undefined where it was used before, is too old, or was never made. */
  async enter(once: string): Promise<string | undefined> {
    const key = digest(once);
    const until = this.#links.get(key);
    this.#links.delete(key);
    if (until === undefined || this.#clock.monotonic() > until) return undefined;
    return `${SESSION_PREFIX}${await this.#seal('session', randomBytes(16).toString('base64url'), LIVES.session)}`;
  }

  isSession(text: string): Promise<boolean> {
    if (!text.startsWith(SESSION_PREFIX)) return Promise.resolve(false);
    const [until = '', mac = '', subject = ''] = text.slice(SESSION_PREFIX.length).split('.');
    return this.#isSeal('session', subject, `${until}.${mac}`);
  }

  /** For one exact address: `host` as in the Host header, `target` as in the request line. */
  makePass(host: string, target: string): Promise<string> {
    return this.#sign('pass', `${host}\n${target}`, LIVES.pass);
  }
  isPass(host: string, target: string, pass: string): Promise<boolean> {
    return this.#isSeal('pass', `${host}\n${target}`, pass);
  }

  /** Value of a cookie that is good for this host name alone. */
  makeVisit(hostName: string): Promise<string> {
    return this.#sign('visit', hostName, LIVES.visit);
  }
  isVisit(hostName: string, visit: string): Promise<boolean> {
    return this.#isSeal('visit', hostName, visit);
  }

  async #seal(kind: string, subject: string, lifeMs: number): Promise<string> {
    return `${await this.#sign(kind, subject, lifeMs)}.${subject}`;
  }

  async #sign(kind: string, subject: string, lifeMs: number): Promise<string> {
    const token = await this.#token.read();
    if (token === undefined) {
      throw new ServiceError(
        'store_away',
        'The data folder of this node has no owner-token: make it writable, restart.',
      );
    }
    const until = (this.#clock.now() + lifeMs).toString(36);
    return `${until}.${mac(token, kind, until, subject)}`;
  }

  async #isSeal(kind: string, subject: string, sealed: string): Promise<boolean> {
    const [until = '', given = ''] = sealed.split('.');
    const ends = Number.parseInt(until, 36);
    if (!/^[0-9a-z]{1,11}$/.test(until) || !(this.#clock.now() <= ends)) return false;
    const token = await this.#token.read();
    if (token === undefined) return false;
    const right = mac(token, kind, until, subject);
    return timingSafeEqual(Buffer.from(digest(right)), Buffer.from(digest(given)));
  }
}

const mac = (token: string, kind: string, until: string, subject: string) =>
  createHmac('sha256', token).update(`kith-${kind}\n${until}\n${subject}`).digest('base64url');
const digest = (text: string) => createHash('sha256').update(text).digest('base64url');
