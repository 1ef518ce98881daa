import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { messageOf } from '../http/request-error.ts';
import { nodeQuery } from '../shell/queries.ts';

/** Loud remarks about this node, over every view. */
export function NodeWarnings() {
  const { data: node, error } = useQuery(nodeQuery);
  const warnings = [...(node?.warnings ?? []), ...(error ? [messageOf(error)] : [])];
  return warnings.map((warning) => (
    <p key={warning} className="note note-bad row banner" role="alert">
      <IconAlertTriangle size={18} aria-hidden /> <span>{warning}</span>
    </p>
  ));
}
