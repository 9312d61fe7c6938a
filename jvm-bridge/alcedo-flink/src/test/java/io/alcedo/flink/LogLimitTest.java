package io.alcedo.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogLimitTest {
    private long now = -5; // what System.nanoTime gives may be negative

    @Test
    void soManyInAMinuteAndACountOfTheRest() {
        LogLimit limit = new LogLimit(2, () -> now);
        List<String> told = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int line = i;
            limit.tell(more -> told.add(line + more));
        }
        now += 59_000_000_000L;
        limit.tell(more -> told.add("too early" + more));
        now += 1_000_000_000L;
        limit.tell(more -> told.add("next" + more));
        limit.tell(more -> told.add("last" + more));
        assertEquals(List.of("0", "1", "next (4 more lines like this were left out before)", "last"), told);
    }
}
