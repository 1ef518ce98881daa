import type { IncomingMessage } from 'node:http';
import { bearerOf, type OwnerProof } from '@kith/identity';
import { PASS_PARAMETER } from '@kith/wire';
import { hostName } from './owner-rules.ts';
import { LIVES, type OwnerSecrets } from './owner-secrets.ts';
import type { Asker, LocalAsker } from './who-is-asking.ts';

/** Name of the cookie with which a peer's app at `<peer>.localhost` goes on after its first address. */
const VISIT_COOKIE = 'kith-visit';

/** Finds out whether somebody on this computer is the owner of the node. */
export class OwnerDoor {
  readonly #owner: OwnerProof;
  readonly #secrets: OwnerSecrets;

  constructor(owner: OwnerProof, secrets: OwnerSecrets) {
    this.#owner = owner;
    this.#secrets = secrets;
  }

  /**
   * At once for a connection whose user is known to be the owner; every other question takes a moment. A pass is taken
   * out of the request's target, whoever asks: it is meant for nobody behind this gateway.
   */
  ask(request: IncomingMessage, { isProxied }: LocalAsker): Asker | Promise<Asker> {
    const pass = takePass(request);
    // A proxy's own user says nothing of who asks through it; only a secret that was given to it on purpose does.
    const byKernel = isProxied ? false : this.#owner.byKernel(request.socket);
    return byKernel === true && pass === undefined ? OWNER : this.#byMore(request, { byKernel, isProxied, pass });
  }

  async #byMore(request: IncomingMessage, known: Known): Promise<Asker> {
    const isKnown = await known.byKernel;
    if (isKnown) return known.pass && (await this.#isPass(request, known.pass)) ? { ...OWNER, hasPass: true } : OWNER;
    const { headers } = request;
    const bearer = bearerOf(headers.authorization);
    if (bearer !== undefined) {
      if (await this.#secrets.isSession(bearer)) return SHOWN;
      if (await this.#owner.byToken(headers.authorization)) return SHOWN;
    }
    return (await this.#byAddress(request, known.pass)) ?? (known.isProxied ? PROXIED : SOMEBODY);
  }

  async #isPass({ headers, method, url = '' }: IncomingMessage, pass: string): Promise<boolean> {
    const isRead = method === 'GET' || method === 'HEAD';
    return isRead && (await this.#secrets.isPass(String(headers.host).toLowerCase(), url, pass));
  }

  /** What a browser opens by itself: an address with a pass, or any of a host that was entered by one. */
  async #byAddress(request: IncomingMessage, pass: string | undefined): Promise<Asker | undefined> {
    const { headers } = request;
    const name = hostName(String(headers.host));
    if (name === undefined) return undefined;
    if (pass !== undefined && (await this.#isPass(request, pass))) {
      if (!name.endsWith('.localhost')) return { ...SHOWN, hasPass: true };
      const cookie = `${VISIT_COOKIE}=${await this.#secrets.makeVisit(name)}; Path=/; Max-Age=${LIVES.visit / 1000}; HttpOnly; SameSite=Lax`;
      return { ...SHOWN, hasPass: true, visit: cookie };
    }
    const visit = name.endsWith('.localhost') ? cookieOf(headers.cookie) : undefined;
    return visit !== undefined && (await this.#secrets.isVisit(name, visit)) ? SHOWN : undefined;
  }
}

interface Known {
  readonly byKernel: boolean | Promise<boolean>;
  readonly isProxied: boolean;
  readonly pass: string | undefined;
}

const OWNER = { kind: 'owner', isKnown: true } as const;
const SHOWN = { kind: 'owner', isKnown: false } as const;
const SOMEBODY: Asker = { kind: 'somebody' };
const PROXIED: Asker = { kind: 'stranger', why: 'proxied' };

/** Cuts the pass off the target; only as the last parameter is it one. */
function takePass(request: IncomingMessage): string | undefined {
  const { url = '' } = request;
  const at = url.lastIndexOf(`${PASS_PARAMETER}=`);
  if (at < 1 || (url[at - 1] !== '?' && url[at - 1] !== '&')) return undefined;
  request.url = url.slice(0, at - 1);
  return url.slice(at + PASS_PARAMETER.length + 1);
}

function cookieOf(header: string | undefined): string | undefined {
  const own = header?.split(';').find((one) => one.trim().startsWith(`${VISIT_COOKIE}=`));
  return own?.trim().slice(VISIT_COOKIE.length + 1);
}
