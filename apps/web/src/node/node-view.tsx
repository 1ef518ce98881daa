import { useQuery } from '@tanstack/react-query';
import { RefusedCard } from '../audit/refused-card.tsx';
import { nodeQuery } from '../live/queries.ts';
import { Activity } from './activity.tsx';
import { NetworkCard } from './network-card.tsx';
import { NodeCard } from './node-card.tsx';
import { NotSeenHelp } from './not-seen-help.tsx';
import './node.css';

/** This node: who it is, which networks it looks at, and what happened lately. */
export function NodeView() {
  const { data: node } = useQuery(nodeQuery);
  return (
    <>
      <h1 className="view-title node-title">This node</h1>
      <div className="columns">
        <div className="stack">
          {node && <NodeCard node={node} />}
          {node && <NetworkCard node={node} />}
          <NotSeenHelp />
        </div>
        <div className="stack">
          <Activity />
          <RefusedCard />
        </div>
      </div>
    </>
  );
}
