import { useQuery } from '@tanstack/react-query';
import { when } from '../format/when.ts';
import { eventsQuery } from '../live/queries.ts';
import { useNow } from '../live/use-now.ts';
import { newestFirst } from './newest-first.ts';

/** What happened on the network, newest first. */
export function Activity() {
  const { data: events = [] } = useQuery(eventsQuery);
  const now = useNow();
  return (
    <section className="card" aria-labelledby="activity">
      <h2 id="activity">Lately</h2>
      {events.length === 0 && <p className="small quiet">Nothing yet.</p>}
      <ol className="activity small">
        {newestFirst(events).map(({ cursor, at, message }) => (
          <li key={cursor}>
            <time className="quiet">{when(at, { now })}</time>
            <span dir="auto">{message}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
