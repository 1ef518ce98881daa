import { IconAlertTriangle } from '@tabler/icons-react';
import './node.css';

/** What the scanner remarks about the networks, each with what to do. */
export function Remarks({ remarks }: { readonly remarks: readonly string[] }) {
  return remarks.map((remark) => (
    <p key={remark} className="note note-wait row remark">
      <IconAlertTriangle size={17} aria-hidden /> <span>{remark}</span>
    </p>
  ));
}
