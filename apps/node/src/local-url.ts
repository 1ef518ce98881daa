import { hostPort, isWildcard } from '@kith/net';

/** Origin at which programs of this machine reach a service that is bound to `bind`. */
export const localUrl = ({ bind, port }: { bind: string; port: number }): string =>
  `http://${hostPort(isWildcard(bind) ? '127.0.0.1' : bind, port)}`;
