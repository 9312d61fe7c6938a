package io.alcedo.bench.groovy;

import io.alcedo.bench.Match;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.util.Collector;

/** What a script sees of the user's state: the entries of its own rule, and what it may do. */
public final class RuleState {
    /** The most deadlines that stay open for a user, as in the engine. */
    private static final int MOST = 64;

    private final MapState<String, List<Long>> entries;
    private String rule;
    private String user;
    private TimerService timers;
    private long until;
    private Collector<Match> out;

    RuleState(MapState<String, List<Long>> entries) {
        this.entries = entries;
    }

    /** The next user's turn. */
    void turn(String user, TimerService timers, long until, Collector<Match> out) {
        this.user = user;
        this.timers = timers;
        this.until = until;
        this.out = out;
    }

    /** The next rule's turn. */
    void of(String rule) {
        this.rule = rule;
    }

    /** An entry of the rule, or null. */
    public List<Long> get(String name) throws Exception {
        return entries.get(rule + '.' + name);
    }

    /** Keeps an entry of the rule. */
    public void put(String name, List<Long> value) throws Exception {
        entries.put(rule + '.' + name, value);
    }

    /** Drops an entry of the rule. */
    public void remove(String name) throws Exception {
        entries.remove(rule + '.' + name);
    }

    /** Fires unless the rule has fired for the user less than {@code cooldown} ms ago. */
    public void fire(long time, long cooldown) throws Exception {
        if (cooldown > 0) {
            List<Long> fired = get("fired");
            if (fired != null && time - fired.get(0) < cooldown) {
                return;
            }
            put("fired", List.of(time));
        }
        out.collect(new Match(rule, user, time));
    }

    /** Fires at this time unless it is answered before. */
    public void deadline(long time, long cooldown) throws Exception {
        List<Long> open = get("open");
        open = open == null ? new ArrayList<>() : open;
        if (open.size() == MOST) {
            open.remove(0);
        }
        open.add(time);
        put("open", open);
        if (time <= until) {
            timers.registerEventTimeTimer(time);
        }
    }

    /** Answers all deadlines that have not passed by this time. */
    public void answer(long time) throws Exception {
        List<Long> open = get("open");
        if (open != null && open.removeIf(deadline -> deadline >= time)) {
            keep(open);
        }
    }

    /** Fires for the deadlines that pass at this time. */
    void pass(long time, long cooldown) throws Exception {
        List<Long> open = get("open");
        if (open != null && open.removeIf(deadline -> deadline == time)) {
            keep(open);
            fire(time, cooldown);
        }
    }

    private void keep(List<Long> open) throws Exception {
        if (open.isEmpty()) {
            remove("open");
        } else {
            put("open", open);
        }
    }
}
