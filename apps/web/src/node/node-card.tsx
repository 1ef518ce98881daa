import type { NodeView } from '@kith/wire';
import { Button, CopyButton } from '@mantine/core';
import { count } from '../format/count.ts';

export function NodeCard({ node }: { readonly node: NodeView }) {
  const { id, name, shortId, addresses, documents, version, protocol, gatewayPort, pairingCode } = node;
  return (
    <section className="card" aria-label="Identity">
      <h2>
        <bdi>{name}</bdi> <span className="mono quiet">{shortId}</span>
      </h2>
      <dl className="facts">
        <dt>Addresses</dt>
        <dd className="mono">{addresses.length > 0 ? addresses.join('  ') : 'none: this machine is on no network'}</dd>
        <dt>Full id</dt>
        <dd>
          <span className="mono">{id}</span>{' '}
          <CopyButton value={id}>
            {({ copied, copy }) => (
              <Button variant="subtle" onClick={copy}>
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
        </dd>
        <dt>Shares</dt>
        <dd>{count(documents, 'document')}</dd>
        <dt>Pairing code</dt>
        <dd>
          {pairingCode
            ? 'Set: nodes started with the same code trust each other by themselves.'
            : 'None. `kith code` makes one; nodes started with the same code trust each other by themselves.'.replaceAll(
                '`',
                '',
              )}
        </dd>
        <dt>Version</dt>
        <dd>
          Kith {version}, protocol {protocol}, peers reach it at port {gatewayPort}
        </dd>
        <dt>Licences</dt>
        <dd>
          <a href="/third-party.txt" target="_blank" rel="noreferrer">
            What Kith is made of, with the licences
          </a>
        </dd>
      </dl>
    </section>
  );
}
