import { closeDocument, useRoute } from '../live/use-route.ts';
import { ReaderDrawer } from '../reader/reader-drawer.tsx';
import { TextForm } from '../uploads/text-form.tsx';
import { UploadCard } from '../uploads/upload-card.tsx';
import { DocumentList } from './document-list.tsx';
import { ProblemList } from './problem-list.tsx';
import { ShareList } from './share-list.tsx';
import './documents.css';

/** What this node shares, and the ways to share more. */
export function SharedView() {
  const { open } = useRoute();
  return (
    <>
      <h1 className="view-title">Shared here</h1>
      <p className="quiet view-note">
        Trusted peers can search, open and download all of this. Files stay on this machine; nothing is copied until
        somebody opens it.
      </p>
      <div className="columns">
        <DocumentList />
        <div className="stack shared-ways">
          <UploadCard />
          <ShareList />
          <TextForm />
          <ProblemList />
        </div>
      </div>
      <ReaderDrawer document={undefined} hash={open} query="" prefix={false} onClose={closeDocument} />
    </>
  );
}
