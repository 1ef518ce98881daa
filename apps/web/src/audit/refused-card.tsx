import { useState } from 'react';
import { AuditList } from './audit-list.tsx';

/** Decisions about trust and shares, and who was not let in; read only when its owner opens it. */
export function RefusedCard() {
  const [opened, setOpened] = useState(false);
  return (
    <details className="card problems" onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>
        <h2>Decisions, and who was refused</h2>
      </summary>
      {opened && (
        <div className="stack">
          <h3 className="small">Decided</h3>
          <AuditList of={{ kind: 'security' }} withWho />
          <h3 className="small">Refused</h3>
          <AuditList of={{ kind: 'refused' }} withWho />
        </div>
      )}
    </details>
  );
}
