/**
 * Request headers between the services of one node. The gateway strips every `kith-*` header that comes from outside
 * and sets these itself; a service believes them only beside the right internal key.
 */
export const HEADER_KEY = 'kith-key';
/**
 * Who is asking: `owner`, `peer`, `service` (another service of this node), or `anybody`: somebody on this computer who
 * has not shown to be the owner, and gets the page without anything in it.
 */
export const HEADER_ROLE = 'kith-role';
/** Node id of the asking peer; present exactly when the role is `peer`. */
export const HEADER_PEER = 'kith-peer';
export type Role = 'owner' | 'peer' | 'service' | 'anybody';

/** The owner's page says so in each request that it makes; other sites cannot make a browser send it. */
export const HEADER_PAGE = 'kith-page';

/** Where the gateway's own API lives on every gateway port; everything else belongs to the upstream web app. */
export const GATEWAY_API = '/_kith';
/** `/peers/<name or id>/…` on the owner plane is forwarded to that peer's gateway. */
export const PEERS_PREFIX = '/peers';
