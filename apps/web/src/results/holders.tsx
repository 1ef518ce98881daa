import type { Holder } from '@kith/wire';

const SHOWN = 3;

/** Who has a document: this node in words, peers by name. */
export function Holders({ holders }: { readonly holders: readonly Holder[] }) {
  const more = holders.length - SHOWN;
  return (
    <span className="holders">
      {holders.slice(0, SHOWN).map(({ id, name, self }) => (
        <span key={id} className={self ? 'holder holder-self' : 'holder'} title={self ? `This node: ${name}` : name}>
          {self ? 'This node' : <bdi>{name}</bdi>}
        </span>
      ))}
      {more > 0 && <span className="holder">+{more}</span>}
    </span>
  );
}
