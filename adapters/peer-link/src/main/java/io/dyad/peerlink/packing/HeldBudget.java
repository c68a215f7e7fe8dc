package io.dyad.peerlink.packing;

/** How many received blocks all pipes of a process together may keep. Each pipe gets half of what is left: the first ones most, none waits. */
public final class HeldBudget {
    private static final int LEAST_BLOCKS = 256;
    private int left;

    public HeldBudget(int blocks) { left = blocks; }

    /** How many blocks a new pipe may keep; it gives as many back when it ends. */
    public synchronized int take() {
        int share = Math.min(left / 2, HeldBlocks.MOST);
        if (share < LEAST_BLOCKS) return 0;
        left -= share;
        return share;
    }

    public synchronized void giveBack(int blocks) { left += blocks; }
}
