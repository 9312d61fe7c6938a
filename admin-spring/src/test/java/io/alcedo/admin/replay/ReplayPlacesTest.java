package io.alcedo.admin.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How many replays may hold memory at a time. */
class ReplayPlacesTest {
    @Test
    void whoFindsNoPlaceIsToldAndAPlaceIsGivenBack() {
        ReplayPlaces places = new ReplayPlaces(1, Duration.ofMillis(20));
        String answer = places.in(() -> {
            ProblemException busy = assertThrows(ProblemException.class, () -> places.in(() -> "another"));
            assertEquals(ProblemCode.BUSY, busy.code());
            return "mine";
        });
        assertEquals("mine", answer);
        assertThrows(
                IllegalStateException.class,
                () -> places.in(() -> {
                    throw new IllegalStateException("it failed");
                }));
        assertEquals("next", places.in(() -> "next"));
    }
}
