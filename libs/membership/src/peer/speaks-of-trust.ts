import { lookOf } from './look-alike.ts';

/** Words with which pages and commands say what a node is and may do. */
const WORDS = ['trusted', 'verified', 'approved', 'pending', 'blocked', 'paired', 'this node', 'your node'];
const LOOKS = WORDS.map(lookOf);
/** Check marks, shields, locks, keys: what pages set beside something that is in order. */
const MARKS = /[\u2611\u2705\u2713\u2714\u{1F5F8}\u{1F5F9}\u{1F6E1}\u{1F510}-\u{1F513}\u{1F511}\u{1F5DD}]/u;

/** Whether a name says more than how a node is called: that it is trusted, checked, or this very node. */
export function speaksOfTrust(name: string): boolean {
  const look = ` ${lookOf(name)} `;
  return MARKS.test(name) || LOOKS.some((word) => look.includes(` ${word} `));
}
