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
 * before, up to a quarter of an hour. An attempt counts as wrong from its beginning, until it is right: many at once are
 * not cheaper. A name is forgotten an hour after its last wrong attempt, of an address one attempt is forgotten each minute,
 * because many people may share it; a restart forgets all.
 */
@Component
class LoginThrottle {
    private static final int FREE_PER_NAME = 5;
    private static final int FREE_PER_ADDRESS = 50;
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration FORGOTTEN = Duration.ofHours(1);
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

    /** Refuses while a pause lasts; else counts. */
    synchronized void attempt(String name, String address) {
        Instant now = clock.instant();
        String[] keys = {"name " + name, "address " + address};
        for (String key : keys) {
            Failures known = failures.get(key);
            if (known != null && now.isBefore(known.until)) {
                Duration pause = Duration.between(now, known.until);
                throw new ProblemException(
                                ProblemCode.TOO_MANY_ATTEMPTS,
                                "Too many wrong passwords: try again in " + (pause.toSeconds() + 1) + " s.")
                        .retryAfter(pause.plusSeconds(1));
            }
        }
        Failures ofName = failures.computeIfAbsent(keys[0], any -> new Failures(now));
        if (ofName.last.plus(FORGOTTEN).isBefore(now)) {
            ofName.count = 0;
        }
        ofName.last = now;
        ofName.add(FREE_PER_NAME, now);
        Failures ofAddress = failures.computeIfAbsent(keys[1], any -> new Failures(now));
        long minutes = Duration.between(ofAddress.last, now).toMinutes();
        ofAddress.count = (int) Math.max(0, ofAddress.count - minutes);
        ofAddress.last = ofAddress.last.plus(Duration.ofMinutes(minutes));
        ofAddress.add(FREE_PER_ADDRESS, now);
    }

    /** The attempt was a right one after all. Of the address only this one is forgiven: others may be guessed there. */
    synchronized void succeeded(String name, String address) {
        failures.remove("name " + name);
        Failures there = failures.get("address " + address);
        if (there != null) {
            there.count--;
            there.until = Instant.MIN;
        }
    }

    private static final class Failures {
        private int count;
        private Instant last;
        private Instant until = Instant.MIN;

        Failures(Instant now) {
            last = now;
        }

        void add(int free, Instant now) {
            count++;
            if (count >= free) {
                long seconds = 1L << Math.min(count - free, 20);
                Duration pause = Duration.ofSeconds(seconds);
                until = now.plus(pause.compareTo(LONGEST) > 0 ? LONGEST : pause);
            }
        }
    }
}
