import { createHmac, hkdfSync } from 'node:crypto';
import type { NodeId } from '@kith/wire';
import { generateMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { PairingCodeError } from './errors.ts';

/** What a pairing code becomes; it stays in memory and is never logged or sent. */
export interface PairingKey {
  readonly bytes: Uint8Array;
}

const WORDS = 12;
/** Made-up codes repeat words, and so do the published example codes; 1 of 2,000 random ones does, and is made again. */
const DIFFERENT_WORDS = 11;
const ADVICE = 'Make one with `kith code` on one node and give the same twelve words to the others.';

/** A new pairing code: 12 English words (BIP 39), 128 random bits. */
export function makePairingCode(): string {
  for (;;) {
    const code = generateMnemonic(wordlist, 128);
    if (new Set(code.split(' ')).size >= DIFFERENT_WORDS) return code;
  }
}

/**
 * Reads a pairing code as a person types it: capitals, extra spaces, line breaks, commas and hyphens between words do not
 * matter. Throws PairingCodeError (`weak_pairing_code`) for whatever `makePairingCode` cannot have made, because a code
 * that a person invents can be guessed from a recorded proof.
 */
export function parsePairingCode(text: string): PairingKey {
  const words = text
    .slice(0, 1000)
    .normalize('NFKD')
    .toLowerCase()
    .split(/[\s,;.-]+/)
    .filter((word) => word !== '');
  if (words.length !== WORDS) throw new PairingCodeError(`A pairing code has 12 words, not ${words.length}. ${ADVICE}`);
  const place = words.findIndex((word) => !wordlist.includes(word));
  // The word itself is not repeated: this message may end in a log.
  if (place >= 0)
    throw new PairingCodeError(`Word ${place + 1} of the pairing code is not in its word list. ${ADVICE}`);
  if (new Set(words).size < DIFFERENT_WORDS) throw new PairingCodeError(`This pairing code is too weak. ${ADVICE}`);
  return { bytes: new Uint8Array(hkdfSync('sha256', entropyOf(words), '', 'kith-pairing-code', 32)) };
}

function entropyOf(words: readonly string[]): Uint8Array {
  try {
    return mnemonicToEntropy(words.join(' '), wordlist);
  } catch {
    throw new PairingCodeError(`The pairing code has a mistake: a word is wrong or in the wrong place. ${ADVICE}`);
  }
}

/** Label and length for `exportKeyingMaterial` on the TLS connection that a code proof is bound to. */
export const CODE_PROOF_EXPORTER = { label: 'EXPORTER-kith-code-proof', length: 32 } as const;

/**
 * What `from` shows `to` to prove that it knows the code: HMAC-SHA-256, base64url, 43 characters. It holds for this
 * direction and this TLS connection only (`exporter`: 32 bytes of exported keying material), so it cannot be passed on.
 */
export function codeProof(
  key: PairingKey,
  { from, to, exporter }: { from: NodeId; to: NodeId; exporter: Buffer },
): string {
  const text = `kith-code-proof\n${from}\n${to}\n${exporter.toString('hex')}\n`;
  return createHmac('sha256', key.bytes).update(text).digest('base64url');
}
