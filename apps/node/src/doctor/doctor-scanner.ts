import { codeOf } from '@kith/service';
import type { NodeView } from '@kith/wire';
import type { Api } from '../ask/api.ts';
import { isCompose } from '../output/called-as.ts';
import type { Check } from '../output/check.ts';
import { agoText } from '../output/time-text.ts';
import type { Remedies } from './remedies.ts';

/** Port on which the scanner of the Compose file says whether it can work. */
const SCANNER_OPERATIONS_PORT = 5802;
const ANSWER_MS = 3000;
/** Six sweeps at the default interval. */
const LONG_AGO_MS = 30 * 60_000;

/** The scanner, and what it says of the networks; `node` is undefined where the gateway does not tell. */
export async function scannerChecks(question: {
  api: Api;
  node: NodeView | undefined;
  kith: string;
  remedies: Remedies;
}): Promise<Check[]> {
  const { api, node, kith, remedies } = question;
  const itself = isCompose(kith) ? await askItself(new URL(api.url).hostname, remedies) : [];
  return [...itself, ...(node ? networkChecks(node, remedies, itself.length === 0) : [])];
}

/** Its own word: what it wrote into the store stays there when it has ended. */
async function askItself(host: string, remedies: Remedies): Promise<Check[]> {
  const name = 'scanner';
  const remedy = remedies.part('scanner');
  try {
    const answer = await fetch(`http://${host}:${SCANNER_OPERATIONS_PORT}/readyz`, {
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const { error } = (await answer.json().catch(() => ({}))) as { error?: unknown };
    if (answer.ok) return [{ name, verdict: 'ok', detail: 'runs' }];
    // Without the store it goes on looking; the check of the store says what to do.
    const why = typeof error === 'string' ? error.slice(0, 60) : `status ${answer.status}`;
    return [{ name, verdict: 'warning', detail: `runs, and cannot do all of its work (${why})` }];
  } catch (error) {
    const isRefused = codeOf((error as { cause?: unknown }).cause) === 'ECONNREFUSED';
    const detail = isRefused ? 'it does not run: no new peers are found' : 'it gives no answer: does it hang?';
    return [{ name, verdict: 'failed', detail, remedy }];
  }
}

function networkChecks({ scanner, warnings }: NodeView, remedies: Remedies, isUnasked: boolean): Check[] {
  const name = 'network';
  const loud = warnings.map((detail): Check => ({ name: 'identity', verdict: 'failed', detail }));
  if (!scanner) {
    const remedy = remedies.part('scanner');
    return [...loud, { name, verdict: 'failed', detail: 'the scanner has not reported', remedy }];
  }
  const used = scanner.interfaces.filter((one) => one.used);
  const unused = scanner.interfaces.filter((one) => !one.used && one.reason);
  const left = unused.map((one) => `${one.name}: ${one.reason}`).join('; ');
  const interfaces: Check =
    used.length > 0
      ? {
          name,
          verdict: 'ok',
          detail: `in use: ${used.map((one) => `${one.name} ${one.addresses.join(' ')}`).join(', ')}`,
        }
      : {
          name,
          verdict: 'warning',
          detail: `no interface is in use${left ? ` (${left})` : ''}`,
          remedy: 'Connect to a network; to use a VPN or virtual one, name it in KITH_INTERFACES.',
        };
  const remarks = scanner.remarks.map((detail): Check => ({ name, verdict: 'warning', detail }));
  return [...loud, ...(isUnasked ? stale(scanner.lastSweepAt, remedies) : []), interfaces, ...remarks];
}

function stale(lastSweepAt: number | undefined, remedies: Remedies): Check[] {
  const now = Date.now();
  if (lastSweepAt === undefined || now - lastSweepAt < LONG_AGO_MS) return [];
  const detail = `it last looked through the network ${agoText(lastSweepAt, now)}, unless KITH_SWEEP_INTERVAL_MS says so`;
  return [{ name: 'scanner', verdict: 'warning', detail, remedy: remedies.part('scanner') }];
}
