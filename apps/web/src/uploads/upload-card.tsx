import { Button, FileButton } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useUploads } from './upload-context.ts';

/** The visible way to share files; dropping works on the whole page. */
export function UploadCard() {
  const { add } = useUploads();
  return (
    <section className="card upload-card" aria-labelledby="upload">
      <h2 id="upload">Share files</h2>
      <p className="small quiet">Drop files or folders anywhere on this page, or choose them.</p>
      <FileButton multiple onChange={add}>
        {(props) => (
          <Button {...props} size="sm" leftSection={<IconUpload size={16} aria-hidden />}>
            Choose files
          </Button>
        )}
      </FileButton>
    </section>
  );
}
