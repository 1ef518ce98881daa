import { PeerRail } from '../peers/peer-rail.tsx';
import { searchNode } from './search-node.ts';
import { SearchView } from './search-view.tsx';
import { StartView } from './start-view.tsx';

/** The owner's search, with the peers beside it. */
export function OwnerSearch() {
  return (
    <div className="columns">
      <SearchView
        source={searchNode}
        placeholder="Search everything that is shared here"
        withScope
        start={<StartView />}
      />
      <PeerRail />
    </div>
  );
}
