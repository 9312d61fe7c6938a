package io.alcedo.admin.account;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.alcedo.admin.api.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** Guessing becomes slow, and nobody is locked out for what others did long ago. */
class LoginThrottleTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final LoginThrottle throttle = new LoginThrottle(new Clock() {
        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    });

    @Test
    void manyAtOnceAreCountedBeforeAnyOfThemIsAnswered() {
        for (int i = 0; i < 5; i++) {
            throttle.attempt("ann", "a");
        }
        assertThrows(ProblemException.class, () -> throttle.attempt("ann", "b"));
    }

    @Test
    void whatIsRightIsNotCounted() {
        for (int i = 0; i < 200; i++) {
            throttle.attempt("ben", "office");
            throttle.succeeded("ben", "office");
        }
        assertDoesNotThrow(() -> throttle.attempt("ben", "office"));
    }

    @Test
    void anAddressThatManyShareRecovers() {
        for (int day = 0; day < 10; day++) {
            for (int i = 0; i < 20; i++) {
                String who = "someone " + day + " " + i;
                assertDoesNotThrow(() -> throttle.attempt(who, "office"), who);
            }
            now = now.plus(Duration.ofHours(1));
        }
        for (int i = 0; i < 50; i++) {
            throttle.attempt("guess " + i, "office");
        }
        assertThrows(ProblemException.class, () -> throttle.attempt("next", "office"));
    }

    @Test
    void aNameIsForgottenAnHourAfterItsLastWrongPassword() {
        for (int i = 0; i < 4; i++) {
            throttle.attempt("cho", "a" + i);
        }
        now = now.plus(Duration.ofMinutes(61));
        throttle.attempt("cho", "b");
        assertDoesNotThrow(() -> throttle.attempt("cho", "b"));
    }
}
