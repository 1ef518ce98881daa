import { resolve } from 'node:path';
import { EXCHANGE_PORT, GATEWAY_PORT, nodeNameSchema, PINGBACK_PORT, usableName } from '@kith/wire';
import { z } from 'zod';
import { AUDIT_LEVELS } from '../audit/audit-trail.ts';
import { LOG_LEVELS } from '../log.ts';
import { listSchema, portSchema, setting } from './settings.ts';
import { surroundings } from './surroundings.ts';

const ipLiteral = z.union([z.ipv4(), z.ipv6()], { error: 'accepted: an IP address of this machine, such as 0.0.0.0' });

const NAME_ABOUT = 'Name that other people see. Default: the host name.';

/** A name that an earlier version took and this one does not is mended, so that the node starts; the scanner says so. */
const ownName = z
  .string()
  .transform((text) => usableName(text) ?? text)
  .pipe(nodeNameSchema)
  .default(() => usableName(surroundings.hostName()) ?? 'kith');

/** Port of a service's operations listener, which is on loopback only; undefined where it is turned off. */
export const operationsPortSetting = (defaultPort: number) =>
  setting(
    'KITH_OPERATIONS_PORT',
    z.union([z.literal('off').transform(() => undefined), portSchema(defaultPort)], {
      error: 'accepted: a port number from 1 to 65535, or off',
    }),
    'Port of health and metrics, on loopback only; 0 takes a free one, off none. Default: 5801 pingback, 5802 scanner, 5806 gateway, 5811 exchange, 5809 where all run in one process.',
  );

/** Settings that more than one service reads; each service picks the ones it uses. */
export const sharedSettings = {
  dataDirectory: setting(
    'KITH_DATA',
    z
      .string()
      .transform((path) => resolve(path))
      .default(surroundings.dataDirectory),
    'Folder for identity, uploads and the embedded database. Default: the customary place of the system.',
  ),
  name: setting('KITH_NAME', ownName, NAME_ABOUT),
  /** The name as it was set, for the remark that another one is used. */
  nameAsSet: setting('KITH_NAME', z.string().optional(), NAME_ABOUT),
  logLevel: setting(
    'KITH_LOG_LEVEL',
    z.enum(LOG_LEVELS, { error: `accepted: ${LOG_LEVELS.join(', ')}` }).default('info'),
    'How much is logged. Default: info.',
  ),
  audit: setting(
    'KITH_AUDIT',
    z.enum(AUDIT_LEVELS, { error: `accepted: ${AUDIT_LEVELS.join(', ')}` }).default('on'),
    'Whether is written down who searched and fetched what here, and who was refused, for the owner: `on`, `without-words` of searches, or `off`. Default: on.',
  ),
  bind: setting(
    'KITH_BIND',
    ipLiteral.default('::'),
    'Address on which pingback and gateway listen, and from which this node calls others. Default: every address (::).',
  ),
  ownerUids: setting(
    'KITH_OWNER_UIDS',
    z.union(
      [
        z.literal('none'),
        listSchema(
          z
            .string()
            .regex(/^\d{1,9}$/)
            .transform(Number)
            .pipe(z.number().refine((uid) => uid !== 65534)),
        ),
      ],
      { error: 'accepted: user ids such as 1000,1001 (65534 is nobody’s), or none' },
    ),
    'Further users of this computer, by id, who are the owner beside the user of the node and root, separated by commas; `none`: nobody is by their id, all must show the token. Linux only. Default: no further ones.',
  ),
  pingbackPort: setting(
    'KITH_PINGBACK_PORT',
    portSchema(PINGBACK_PORT),
    'Port of the pingback, here and at every address that is probed: the same on all nodes of a LAN. Default: 5800.',
  ),
  gatewayPort: setting(
    'KITH_GATEWAY_PORT',
    portSchema(GATEWAY_PORT),
    'Port of the gateway; peers learn it from the pingback. 0 takes a free one. Default: 5805.',
  ),
  exchangePort: setting(
    'KITH_EXCHANGE_PORT',
    portSchema(EXCHANGE_PORT),
    'Port of the exchange, which only the gateway calls. 0 takes a free one. Default: 5810.',
  ),
} as const;
