import type { NodeView } from '@kith/wire';
import { duration, when } from '../format/when.ts';
import { useNow } from '../live/use-now.ts';
import { Remarks } from './remarks.tsx';

/** Network cards, which of them are looked at, and what the scanner remarks. */
export function NetworkCard({ node: { scanner } }: { readonly node: NodeView }) {
  const now = useNow();
  if (!scanner) {
    return (
      <section className="card">
        <h2>Network</h2>
        <p className="note note-wait">The scanner has not reported yet: no new peers are found until it runs.</p>
      </section>
    );
  }
  const { interfaces, lastSweepAt, sweepMs, sweeping, remarks } = scanner;
  return (
    <section className="card" aria-labelledby="network">
      <h2 id="network">Network</h2>
      <Remarks remarks={remarks} />
      <ul className="interfaces small">
        {interfaces.map(({ name, kind, addresses, defaultGateway, used, reason }) => (
          <li key={name} className={used ? 'interface' : 'interface interface-off'}>
            <span className={`dot ${used ? 'dot-good' : 'dot-gone'}`} aria-hidden />
            <span>
              <span className="mono name">{name}</span> <span className="quiet">{kind}</span>
            </span>
            <span>
              <span className="mono">{addresses.join('  ') || 'no address'}</span>
              {defaultGateway && <span className="quiet"> · router {defaultGateway}</span>}
              <span className="quiet interface-reason">
                {used ? 'looked at' : `left out: ${reason ?? 'not chosen'}`}
              </span>
            </span>
          </li>
        ))}
      </ul>
      <p className="small quiet">
        {sweeping
          ? 'Looking through the network now…'
          : lastSweepAt === undefined
            ? 'Not looked through yet.'
            : `Last looked through ${when(lastSweepAt, { now })}${sweepMs === undefined ? '' : `, in ${duration(sweepMs)}`}.`}
      </p>
    </section>
  );
}
