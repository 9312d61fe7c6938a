package io.alcedo.bench.handwritten;

import io.alcedo.bench.Match;
import io.alcedo.bench.Rule;
import io.alcedo.bench.intake.Event;
import java.util.Arrays;
import org.apache.flink.util.Collector;

/** What an event of one type does to one rule of a user. The first long of each slot is the time of the last firing. */
abstract class Step {
    static final int FIRED = 0;

    final int number;
    final Rule rule;

    Step(int number, Rule rule) {
        this.number = number;
        this.rule = rule;
    }

    /** Whether an event of the step's type counts. */
    abstract boolean wants(Event event);

    /** Takes the event in; whether the state changed. */
    abstract boolean take(Event event, UserState user, Collector<Match> out);

    /** An empty slot of so many longs. */
    static long[] slot(int longs) {
        long[] slot = new long[longs];
        Arrays.fill(slot, UserState.NONE);
        return slot;
    }

    /** Fires unless the rule has fired too short a while ago. */
    static void fire(Rule rule, long[] slot, String user, long time, Collector<Match> out) {
        if (slot[FIRED] == UserState.NONE || time - slot[FIRED] >= rule.cooldown()) {
            slot[FIRED] = time;
            out.collect(new Match(rule.id(), user, time));
        }
    }
}
