import { useQuery } from '@tanstack/react-query';
import { count } from '../format/count.ts';
import { statusQuery } from '../live/queries.ts';

/** Files that could not be read or indexed, newest first, each with the reason. */
export function ProblemList() {
  const { data: status } = useQuery(statusQuery);
  const problems = status?.problems ?? [];
  if (problems.length === 0) return null;
  return (
    <details className="card problems">
      <summary>
        <h2>{count(problems.length, 'file')} with a problem</h2>
      </summary>
      <ul className="small">
        {problems.map(({ source, path, message }) => (
          <li key={`${source} ${path} ${message}`} className="problem">
            <bdi className="mono">{path}</bdi>
            <p className="quiet">{message}</p>
          </li>
        ))}
      </ul>
    </details>
  );
}
