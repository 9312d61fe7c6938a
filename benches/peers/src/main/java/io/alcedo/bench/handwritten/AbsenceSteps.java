package io.alcedo.bench.handwritten;

import io.alcedo.bench.Match;
import io.alcedo.bench.Rule;
import io.alcedo.bench.intake.Event;
import java.util.Arrays;
import org.apache.flink.util.Collector;

/** What was begun and not ended: after the last firing the slot holds the open deadlines, in order. */
final class AbsenceSteps {
    /** The most that stay open for a user, as in the engine. */
    private static final int MOST = 64;

    private final int number;
    private final Rule rule;

    AbsenceSteps(int number, Rule rule) {
        this.number = number;
        this.rule = rule;
    }

    /** The step that opens a deadline. */
    Step opening() {
        return new Step(number, rule) {
            @Override
            boolean wants(Event event) {
                return rule.hasProperties(event);
            }

            @Override
            boolean take(Event event, UserState user, Collector<Match> out) {
                open(user, event.time + rule.window());
                return true;
            }
        };
    }

    /** The step that ends all that can still be ended. */
    Step answering() {
        return new Step(number, rule) {
            @Override
            boolean wants(Event event) {
                return true;
            }

            @Override
            boolean take(Event event, UserState user, Collector<Match> out) {
                return answer(user, event.time);
            }
        };
    }

    private void open(UserState user, long deadline) {
        long[] slot = user.get(number);
        if (slot == null) {
            slot = Step.slot(1);
        } else if (slot.length > MOST) {
            System.arraycopy(slot, 2, slot, 1, slot.length - 2);
            slot = Arrays.copyOf(slot, slot.length - 1);
        }
        slot = Arrays.copyOf(slot, slot.length + 1);
        slot[slot.length - 1] = deadline;
        user.put(number, slot);
        user.soonest = Math.min(user.soonest, deadline);
    }

    /** A deadline that has passed before this time is not answered any more, even if its timer comes later. */
    private boolean answer(UserState user, long time) {
        long[] slot = user.get(number);
        if (slot == null || slot.length == 1 || slot[slot.length - 1] < time) {
            return false;
        }
        int kept = 1;
        while (slot[kept] < time) {
            kept++;
        }
        user.put(number, Arrays.copyOf(slot, kept));
        return true;
    }

    /** Deadlines up to this time pass. */
    void pass(long time, String name, UserState user, Collector<Match> out) {
        long[] slot = user.get(number);
        int passed = 1;
        for (; passed < slot.length && slot[passed] <= time; passed++) {
            Step.fire(rule, slot, name, slot[passed], out);
        }
        if (passed < slot.length) {
            user.soonest = Math.min(user.soonest, slot[passed]);
        }
        if (passed > 1) {
            long[] rest = new long[slot.length - passed + 1];
            rest[Step.FIRED] = slot[Step.FIRED];
            System.arraycopy(slot, passed, rest, 1, rest.length - 1);
            user.put(number, rest);
        }
    }
}
