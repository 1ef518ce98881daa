import { type PairingKey, parsePairingCode } from '@kith/identity';
import { listSchema, secretSetting, setting, sharedSettings, type Values } from '@kith/service';
import { wholeNumber } from '@kith/wire';
import { z } from 'zod';

const httpOrigin = z
  .url({ protocol: /^http$/, error: 'accepted: a URL such as http://127.0.0.1:8080' })
  .transform((url) => new URL(url))
  .refine(({ pathname, search }) => pathname === '/' && search === '', 'accepted: a URL without a path')
  .transform(({ origin }) => origin);

/** Value of `upstream` for all replicas of the own exchange. */
export const REPLICAS = 'replicas';

const pairingKey = z.string().transform((text, context): PairingKey => {
  try {
    return parsePairingCode(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message.replace(/\.$/, '') });
    return z.NEVER;
  }
});

export const gatewaySettings = {
  dataDirectory: sharedSettings.dataDirectory,
  ownerUids: sharedSettings.ownerUids,
  name: sharedSettings.name,
  audit: sharedSettings.audit,
  bind: sharedSettings.bind,
  pingbackPort: sharedSettings.pingbackPort,
  gatewayPort: sharedSettings.gatewayPort,
  exchangePort: sharedSettings.exchangePort,
  exchangeUrl: setting(
    'KITH_EXCHANGE_URL',
    httpOrigin.optional(),
    'Where the own exchange is, if not on this machine. Default: http://127.0.0.1:<KITH_EXCHANGE_PORT>.',
  ),
  upstream: setting(
    'KITH_UPSTREAM',
    z
      .union([z.literal(REPLICAS), httpOrigin], { error: 'accepted: replicas, or a URL such as http://127.0.0.1:8080' })
      .optional(),
    'Any web app that this node shows in place of the exchange, such as http://127.0.0.1:8080; or `replicas`: all exchanges that are registered in Redis, of which one that fails is left at once. Default: the one exchange of KITH_EXCHANGE_URL.',
  ),
  upstreamTimeoutMs: setting(
    'KITH_UPSTREAM_TIMEOUT_MS',
    wholeNumber({ min: 100, max: 3_600_000, error: 'accepted: milliseconds from 100 to 3600000' }).default(60_000),
    'How long the web app, here or at a peer, may take to begin its answer, in milliseconds. Default: 60000.',
  ),
  hosts: setting(
    'KITH_HOSTS',
    listSchema(
      z
        .string()
        .transform((host) => host.toLowerCase())
        .pipe(z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'accepted: host names without port')),
    ),
    'Further names under which the owner opens this node in a browser on this machine, separated by commas. Default: none.',
  ),
  pairingCode: secretSetting(
    'KITH_PAIRING_CODE',
    pairingKey.optional(),
    'Twelve words made by `kith code`: nodes started with the same code trust each other. Default: none.',
  ),
} as const;
export type GatewaySettings = Values<typeof gatewaySettings>;
