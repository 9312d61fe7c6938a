package io.alcedo.admin.intake;

import org.springframework.stereotype.Component;

/** How many requests, and bytes of their bodies, may be in memory at once. */
@Component
public class IntakePlaces {
    /** Well below the threads that answer readers too. */
    static final int REQUESTS = 64;
    /** At least one batch of the largest size. */
    private static final long LEAST_BYTES = 16L << 20;
    /** A body becomes lines and rows, some times its size. */
    private static final int PART_OF_HEAP = 16;

    private final long most = Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    private int requests;
    private long bytes;

    /** A place for a body of so many bytes, if there is one now. */
    public synchronized boolean take(long bodyBytes) {
        if (requests >= REQUESTS || bytes + bodyBytes > most) {
            return false;
        }
        requests++;
        bytes += bodyBytes;
        return true;
    }

    /** Gives back what {@link #take} gave. */
    public synchronized void give(long bodyBytes) {
        requests--;
        bytes -= bodyBytes;
    }
}
