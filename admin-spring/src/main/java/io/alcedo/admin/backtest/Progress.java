package io.alcedo.admin.backtest;

import io.alcedo.admin.replay.ReplayException;
import java.time.Duration;

/** How far a backtest is, and whether it may go on. */
final class Progress {
    private final long id;
    private final Duration most;
    private final long begun = System.nanoTime();
    private volatile double share;
    private volatile boolean cancelled;

    Progress(long id, Duration most) {
        this.id = id;
        this.most = most;
    }

    long id() {
        return id;
    }

    double share() {
        return share;
    }

    void cancel() {
        cancelled = true;
    }

    /** Notes how much is done, and ends what was cancelled or takes too long. */
    void at(long done, long of) {
        share = of == 0 ? 1 : Math.min(1, (double) done / of);
        if (cancelled) {
            throw new CancelledException();
        }
        if (System.nanoTime() - begun > most.toNanos()) {
            throw new ReplayException("it took longer than " + most + " (setting alcedo.backtests.time) and was at "
                    + Math.round(100 * share) + " %: try the rule on a smaller log");
        }
    }

    /** Somebody does not want it any more. */
    static final class CancelledException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
