package io.alcedo.admin.account;

import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * After five wrong passwords for a name, or fifty from an address, each further one costs twice the pause of the one
 * before, up to a quarter of an hour. Kept in memory: a restart forgives.
 */
@Component
class LoginThrottle {
    private static final int FREE_PER_NAME = 5;
    private static final int FREE_PER_ADDRESS = 50;
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final int REMEMBERED = 10_000;

    private final Clock clock;
    /** Bounded: the longest untouched goes first, or guessing names would fill the memory. */
    private final Map<String, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > REMEMBERED;
        }
    };

    LoginThrottle(Clock clock) {
        this.clock = clock;
    }

    /** Refuses while a pause lasts. */
    synchronized void check(String name, String address) {
        Instant now = clock.instant();
        for (String key : new String[] {"name " + name, "address " + address}) {
            Failures known = failures.get(key);
            if (known != null && now.isBefore(known.until)) {
                Duration pause = Duration.between(now, known.until);
                throw new ProblemException(
                                ProblemCode.TOO_MANY_ATTEMPTS,
                                "Too many wrong passwords: try again in " + (pause.toSeconds() + 1) + " s.")
                        .retryAfter(pause.plusSeconds(1));
            }
        }
    }

    synchronized void failed(String name, String address) {
        note("name " + name, FREE_PER_NAME);
        note("address " + address, FREE_PER_ADDRESS);
    }

    synchronized void succeeded(String name) {
        failures.remove("name " + name);
    }

    private void note(String key, int free) {
        Failures known = failures.computeIfAbsent(key, any -> new Failures());
        known.count++;
        if (known.count >= free) {
            long seconds = 1L << Math.min(known.count - free, 20);
            Duration pause = Duration.ofSeconds(seconds);
            known.until = clock.instant().plus(pause.compareTo(LONGEST) > 0 ? LONGEST : pause);
        }
    }

    private static final class Failures {
        private int count;
        private Instant until = Instant.MIN;
    }
}
