import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { messageOf } from '../http/request-error.ts';
import { nodeQuery, statusQuery } from '../live/queries.ts';
import { loudWarnings } from './loud-warnings.ts';

/** The index tells nobody when it goes away or comes back. */
const LOOK_AGAIN_MS = 15_000;

/** Loud remarks about this node, over every view. */
export function NodeWarnings() {
  const { data: node, error } = useQuery(nodeQuery);
  const { data: status } = useQuery({ ...statusQuery, refetchInterval: LOOK_AGAIN_MS });
  const warnings = loudWarnings({ node, status, failures: error ? [messageOf(error)] : [] });
  return warnings.map((warning) => (
    <p key={warning} className="note note-bad row banner" role="alert">
      <IconAlertTriangle size={18} aria-hidden /> <span>{warning}</span>
    </p>
  ));
}
