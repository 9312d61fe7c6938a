package io.alcedo.admin.replay;

import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * So many replays at a time. Each may hold hundreds of MiB, so that without a bound a handful of impatient readers would
 * end the process; who finds no place in time is asked to come back.
 */
@Component
public class ReplayPlaces {
    private static final int PLACES = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Semaphore places;
    private final Duration patience;

    ReplayPlaces() {
        this(PLACES, PATIENCE);
    }

    ReplayPlaces(int places, Duration patience) {
        this.places = new Semaphore(places, true);
        this.patience = patience;
    }

    /** Runs it in a place of its own, or refuses with 429. */
    public <T> T in(Supplier<T> work) {
        if (!taken()) {
            throw new ProblemException(
                            ProblemCode.BUSY, "Other forecasts and explanations are being made: try again in a moment.")
                    .retryAfter(Duration.ofSeconds(5));
        }
        try {
            return work.get();
        } finally {
            places.release();
        }
    }

    private boolean taken() {
        try {
            return places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
