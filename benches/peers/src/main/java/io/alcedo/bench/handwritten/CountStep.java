package io.alcedo.bench.handwritten;

import io.alcedo.bench.Match;
import io.alcedo.bench.Rule;
import io.alcedo.bench.intake.Event;
import org.apache.flink.util.Collector;

/** Counts in a sliding window by the last N times alone, in a ring: there are N if the oldest of them is inside. */
final class CountStep extends Step {
    private static final int NEXT = 1;
    private static final int RING = 2;

    CountStep(int number, Rule rule) {
        super(number, rule);
    }

    @Override
    boolean wants(Event event) {
        return rule.hasProperties(event);
    }

    @Override
    boolean take(Event event, UserState user, Collector<Match> out) {
        long[] slot = user.get(number);
        if (slot == null) {
            slot = slot(RING + rule.atLeast());
            slot[NEXT] = RING;
            user.put(number, slot);
        }
        int at = (int) slot[NEXT];
        slot[at] = event.time;
        int oldest = at + 1 == slot.length ? RING : at + 1;
        slot[NEXT] = oldest;
        // Beside the one just written the oldest stands, unless the ring is not full yet.
        if (slot[oldest] != UserState.NONE && slot[oldest] > event.time - rule.window()) {
            fire(rule, slot, event.user, event.time, out);
        }
        return true;
    }
}
