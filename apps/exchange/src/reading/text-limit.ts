// On its own, because the reading thread loads it: whatever else came along would be in memory once more.

/** Bytes of a file from which its text is taken; what comes after is shared but not searched. A long book has 2 MB. */
export const TEXT_MAX_BYTES = 5_000_000;
