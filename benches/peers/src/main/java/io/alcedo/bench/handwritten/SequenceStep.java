package io.alcedo.bench.handwritten;

import io.alcedo.bench.Match;
import io.alcedo.bench.Rule;
import io.alcedo.bench.intake.Event;
import java.util.Arrays;
import org.apache.flink.util.Collector;

/**
 * One step of a sequence. For each step but the last the slot holds the latest first event of the runs that came so far:
 * one that begins later can only last longer.
 */
final class SequenceStep extends Step {
    private final int step;

    SequenceStep(int number, Rule rule, int step) {
        super(number, rule);
        this.step = step;
    }

    @Override
    boolean wants(Event event) {
        return step > 0 || rule.hasProperties(event);
    }

    @Override
    boolean take(Event event, UserState user, Collector<Match> out) {
        long[] slot = user.get(number);
        if (step == 0) {
            if (slot == null) {
                slot = slot(rule.types().length);
                user.put(number, slot);
            }
            slot[1] = event.time;
            return true;
        }
        // The run that got as far as the step before began here.
        if (slot == null || slot[step] == UserState.NONE || event.time - slot[step] > rule.window()) {
            return false;
        }
        if (step < rule.types().length - 1) {
            slot[step + 1] = slot[step];
        } else {
            fire(rule, slot, event.user, event.time, out);
            Arrays.fill(slot, 1, slot.length, UserState.NONE);
        }
        return true;
    }
}
