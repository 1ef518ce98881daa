import type { SearchResult } from '@kith/wire';
import { DocumentFacts } from '../document/document-facts.tsx';
import { formatRoute, parseRoute } from '../live/route.ts';
import { go } from '../live/use-route.ts';
import { MarkedText } from '../reader/marked-text.tsx';
import { Holders } from './holders.tsx';

interface ResultRowProps {
  readonly result: SearchResult;
  readonly now: number;
  readonly showHolders: boolean;
}

export function ResultRow({ result, now, showHolders }: ResultRowProps) {
  const { hash, title, snippet, holders } = result;
  const href = formatRoute({ ...parseRoute(window.location.hash), open: hash });
  return (
    <li className="result">
      <h3 className="result-title">
        <a
          data-row
          href={href}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            go({ open: hash });
          }}
        >
          <bdi>{title}</bdi>
        </a>
      </h3>
      {snippet && snippet.text !== '' && (
        <p className="result-snippet" dir="auto">
          <MarkedText {...snippet} />
        </p>
      )}
      <p className="result-facts dots small quiet">
        <DocumentFacts document={result} now={now} />
        {showHolders && <Holders holders={holders} />}
      </p>
    </li>
  );
}
