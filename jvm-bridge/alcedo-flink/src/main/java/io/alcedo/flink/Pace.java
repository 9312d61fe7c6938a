package io.alcedo.flink;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/** Slows a reader down to so many lines a second, in steps short enough to look even. */
final class Pace {
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** So long at most, so that a reader that waits for its next line can be stopped. */
    private static final int STEPS = 50;

    private final double perSecond;
    private final long begin = System.nanoTime();
    private double given;

    /** A pace; 0 = no limit. */
    Pace(double perSecond) {
        this.perSecond = perSecond;
    }

    /** Waits a moment for lines to be due; how many are, at most {@code most}: none if that takes longer. */
    int await(int most) throws InterruptedIOException {
        if (perSecond == 0) {
            return most;
        }
        double due = due();
        for (int i = 0; i < STEPS && due < 1; i++) {
            sleep();
            due = due();
        }
        int now = due < 1 ? 0 : (int) Math.min(most, due);
        given += now;
        return now;
    }

    private double due() {
        return (System.nanoTime() - begin) / 1e9 * perSecond - given;
    }

    private static void sleep() throws InterruptedIOException {
        try {
            TimeUnit.NANOSECONDS.sleep(STEP_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while it waited for the next line to be due");
        }
    }
}
