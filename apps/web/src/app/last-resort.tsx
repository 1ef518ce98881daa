import { Component, type ReactNode } from 'react';

/** Shown in place of a view that failed, so that one bad answer does not take the whole page away. */
export class LastResort extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <p className="note note-bad" role="alert">
        This view met something it cannot show. Load the page again; the other views still work.
      </p>
    );
  }
}
