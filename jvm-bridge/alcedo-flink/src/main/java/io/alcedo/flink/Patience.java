package io.alcedo.flink;

import java.io.IOException;
import java.time.Duration;

/** Waiting for what a job cannot begin without, for so long and no longer. */
final class Patience {
    private static final long STEP_MILLIS = 200;

    private Patience() {}

    /** Looks once; null: it is there, else what is missing, in words. */
    interface Look {
        String missing() throws IOException;
    }

    /** Looks until nothing is missing; after the timeout it fails with {@code what}, the last trouble and the cure. */
    static void wait(Duration timeout, Look look, String what, String cure) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            String missing;
            Exception cause = null;
            try {
                missing = look.missing();
            } catch (IOException e) {
                missing = e.toString();
                cause = e;
            }
            if (missing == null) {
                return;
            }
            if (System.nanoTime() - end >= 0) {
                throw new IllegalStateException(
                        what + ": " + missing + " (waited " + timeout.toMillis() + " ms). Cure: " + cure + ".", cause);
            }
            Thread.sleep(STEP_MILLIS);
        }
    }
}
