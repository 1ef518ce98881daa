export interface DeviceText {
  readonly reason: string;
  /** What to do about it, where something can be done. */
  readonly advice?: string;
  /** Something is wrong, rather than merely not there. */
  readonly loud: boolean;
}

const TEXTS: Record<string, DeviceText> = {
  unprobed: { reason: 'Not asked yet.', loud: false },
  refused: {
    reason: 'Reachable, but nothing listens on port 5800.',
    advice: 'Kith does not run there. Start it with npm start.',
    loud: false,
  },
  silent: {
    reason: 'No answer on port 5800.',
    advice: 'It is off or asleep, or its firewall drops the question: open TCP 5800 and 5805 there.',
    loud: false,
  },
  'other-service': {
    reason: 'Another program answers on port 5800.',
    advice: 'VNC viewers use that port too. Kith must be the one that has it.',
    loud: false,
  },
  'broken-protocol': { reason: 'It answers, but not as a Kith node does.', advice: 'Update Kith there.', loud: true },
  'wrong-signature': {
    reason: 'It claims to be a Kith node, but cannot prove its key.',
    advice: 'Something repeats or changes another node’s answers. Do not trust it.',
    loud: true,
  },
  'other-version': { reason: 'It runs another version of Kith.', advice: 'Update the older of the two.', loud: false },
  'many-keys': {
    reason: 'It shows a new key again and again, as if it were many nodes.',
    advice: 'It is left out for an hour. If it is yours, keep its data folder between its starts.',
    loud: true,
  },
  self: { reason: 'This node itself.', loud: false },
  peer: { reason: 'A peer.', loud: false },
};

/** Why a device on the network is no peer, and what helps. */
export function deviceAnswer(answer: string): DeviceText {
  return TEXTS[answer] ?? { reason: answer, loud: false };
}
