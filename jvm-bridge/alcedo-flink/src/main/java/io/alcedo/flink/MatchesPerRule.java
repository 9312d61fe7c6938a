package io.alcedo.flink;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.MetricGroup;

/**
 * Matches of each rule, {@code rule.<id>.matches}, for so many rules and no more: a metrics store pays for each series.
 * Rules take their places in the order of ids as they come, the same on every subtask, so that sums over subtasks are
 * whole. What has no place counts under a name that no rule can have. A place is kept when its rule stops: a series that
 * went and came back would look like a restart.
 */
final class MatchesPerRule {
    /** A rule's id begins with a letter or a digit. */
    static final String OTHERS = "_other";

    private final MetricGroup group;
    private final int places;
    private final Map<String, Tally> rules = new HashMap<>();
    private final Tally others;

    MatchesPerRule(MetricGroup group, int places) {
        this.group = group;
        this.places = places;
        others = register(OTHERS);
    }

    private Tally register(String rule) {
        return group.addGroup("rule", rule).counter("matches", new Tally());
    }

    /** These rules judge from now on; in the order of their ids. */
    void judging(Iterable<String> ids) {
        for (String id : ids) {
            if (rules.size() < places) {
                rules.computeIfAbsent(id, this::register);
            }
        }
    }

    void count(String rule) {
        rules.getOrDefault(rule, others).inc();
    }
}
