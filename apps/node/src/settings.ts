import { peerStoreSettings } from '@kith/backend';
import { documentSettings } from '@kith/backend-documents';
import { exchangeSettings } from '@kith/exchange/config';
import { gatewaySettings } from '@kith/gateway/config';
import { pingbackSettings } from '@kith/pingback/config';
import { scannerSettings } from '@kith/scanner/config';
import {
  ConfigError,
  operationsPortSetting,
  readSettings,
  sharedSettings,
  unknownSettings,
  type Values,
} from '@kith/service';
import { didYouMean } from './did-you-mean.ts';

/** Settings of all four services: in one process each name means the same to all. */
export const nodeSettings = {
  ...sharedSettings,
  ...peerStoreSettings,
  ...documentSettings,
  ...pingbackSettings,
  ...scannerSettings,
  ...gatewaySettings,
  ...exchangeSettings,
  operationsPort: operationsPortSetting(5809),
} as const;
export type NodeValues = Values<typeof nodeSettings>;

/** Variables that the command line reads and the node does not. */
const CLIENT_SETTINGS = ['KITH_NODE', 'KITH_COMMAND', 'KITH_TOKEN_FILE'];

/** A flag of `kith start`, and the setting that it stands for. */
export interface StartFlag {
  readonly name: string;
  readonly value: string;
  readonly env: string;
  readonly about: string;
}

const flag = (name: string, value: string, env: string, about: string): StartFlag => ({ name, value, env, about });
export const startFlags: readonly StartFlag[] = [
  flag('name', 'name', 'KITH_NAME', 'name that other people see'),
  flag('data', 'folder', 'KITH_DATA', 'where identity, uploads and index are kept'),
  flag('seed', 'addresses', 'KITH_SEEDS', 'addresses of nodes that no sweep reaches'),
  flag('bind', 'address', 'KITH_BIND', 'listen on this address only'),
  flag('upstream', 'url', 'KITH_UPSTREAM', 'web app that this node shows in place of its own'),
  flag('pingback-port', 'port', 'KITH_PINGBACK_PORT', 'port at which nodes recognise each other'),
  flag('gateway-port', 'port', 'KITH_GATEWAY_PORT', 'port of the page and of the peers'),
  flag('exchange-port', 'port', 'KITH_EXCHANGE_PORT', 'port inside this machine'),
  flag('log-level', 'level', 'KITH_LOG_LEVEL', 'log as JSON lines at this level'),
];

/**
 * Reads all settings; `flags` are given by their names without dashes and win over the environment. One ConfigError lists
 * every problem, unknown variables with it.
 */
export function readNodeSettings(
  env: Record<string, string | undefined>,
  flags: Record<string, string | undefined> = {},
): NodeValues {
  const given = startFlags.filter(({ name }) => flags[name] !== undefined);
  const merged = { ...env };
  for (const { name, env: variable } of given) {
    merged[variable] = flags[name];
    delete merged[`${variable}_FILE`];
  }
  const nameOf = (problem: string) => {
    const byFlag = given.find(({ env: variable }) => problem.startsWith(variable));
    return byFlag ? `--${byFlag.name}${problem.slice(byFlag.env.length)}` : problem;
  };
  const problems = unknownProblems(env);
  let values: NodeValues | undefined;
  try {
    values = embedded(readSettings(nodeSettings, merged), merged);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems.map(nameOf));
  }
  if (problems.length > 0 || values === undefined) throw new ConfigError(problems);
  return values;
}

/** Where all four run in one process, the parts find each other on the address that the node is bound to. */
function embedded(values: NodeValues, env: Record<string, string | undefined>): NodeValues {
  const bindsLoopback = /^127\./.test(values.bind);
  const exchangeBind = !env.KITH_EXCHANGE_BIND && bindsLoopback ? values.bind : values.exchangeBind;
  return { ...values, exchangeBind };
}

function unknownProblems(env: Record<string, string | undefined>): string[] {
  const known = [...Object.values(nodeSettings).map((one) => one.env), ...CLIENT_SETTINGS];
  return unknownSettings(known, env).map((name) => {
    const meant = didYouMean(name, known);
    return `${name} is no setting of Kith${meant ? `: did you mean ${meant}?` : ': remove it. `kith start --help` lists all'}`;
  });
}
