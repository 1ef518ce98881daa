import { type Identity, signPingback } from '@kith/identity';
import { type PingbackReply, PROTOCOL_VERSION, UNTOLD_DOCUMENTS } from '@kith/wire';

export interface ReplyMakerOptions {
  identity: Identity;
  name: string;
  gatewayPort: () => number;
  /** 16 hexadecimal digits, random at each start. */
  instance: string;
  incarnation: number;
}

/** What is different from one answer to the next. `address` is the one that was asked, without zone. */
export type Asked = Pick<PingbackReply, 'nonce' | 'address' | 'state'>;

/** Makes the signed answer of this run of this node. */
export function createReplyMaker({ identity, name, gatewayPort, instance, incarnation }: ReplyMakerOptions) {
  return ({ nonce, address, state }: Asked): PingbackReply =>
    signPingback(identity, {
      kith: PROTOCOL_VERSION,
      id: identity.id,
      publicKey: identity.publicKey,
      name,
      gatewayPort: gatewayPort(),
      instance,
      incarnation,
      state,
      documents: UNTOLD_DOCUMENTS,
      nonce,
      address,
    });
}
