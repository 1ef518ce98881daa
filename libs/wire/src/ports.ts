/** Version of everything that nodes say to each other. A node answers only its own version; see docs/protocol.md. */
export const PROTOCOL_VERSION = 1;

/** TCP ports of a node. Peers look for the pingback port only; the gateway's port is part of the pingback reply. */
export const PINGBACK_PORT = 5800;
export const GATEWAY_PORT = 5805;
export const EXCHANGE_PORT = 5810;
