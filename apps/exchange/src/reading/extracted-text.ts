export interface ExtractedText {
  /** The document's own title, where it has one. */
  readonly title?: string | undefined;
  readonly text: string;
}
