package io.alcedo.flink;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One look at the rules after the other; tells of a set that differs from the last one, or whose audiences do. */
final class RulesLook implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(RulesLook.class);

    private final RuleSource rules;
    private final AudienceSource audiences;
    private final Consumer<RulesUpdate> changed;
    private RulesUpdate last;
    private String lastAudiences;
    private String lastTrouble = "";
    private final LogLimit log = new LogLimit(20);
    private final Tally failed = new Tally();

    RulesLook(RuleSource rules, AudienceSource audiences, Consumer<RulesUpdate> changed) {
        this.rules = rules;
        this.audiences = audiences;
        this.changed = changed;
    }

    @Override
    public void run() {
        try {
            look();
            lastTrouble = "";
        } catch (IOException | RuntimeException e) {
            failed.inc();
            warnOnce(e);
        }
    }

    /** Looks that failed. */
    Tally failed() {
        return failed;
    }

    private void look() throws IOException {
        // Audiences first: one that arrives between the two looks is seen again by the next one.
        String nowAudiences = audiences.version();
        RulesUpdate now = rules.read();
        if (!same(now, last) || !nowAudiences.equals(lastAudiences)) {
            log.tell(more -> LOG.info(
                    "Rules or audiences changed: {} rule documents in {}{}", now.size(), rules.describe(), more));
            last = now;
            lastAudiences = nowAudiences;
            changed.accept(now);
        }
    }

    private static boolean same(RulesUpdate a, RulesUpdate b) {
        return b != null && a.f0.equals(b.f0) && Arrays.equals(a.f1, b.f1) && Arrays.equals(a.f2, b.f2);
    }

    /** The rules that run go on; the same trouble at every look is told once, one that changes its words is limited. */
    private void warnOnce(Exception trouble) {
        String text = trouble.toString();
        if (!text.equals(lastTrouble)) {
            lastTrouble = text;
            log.tell(more -> LOG.warn(
                    "Cannot look at the rules in {} or the audiences in {}; the rules that run go on. Make the place"
                            + " readable for the TaskManagers.{}",
                    rules.describe(),
                    audiences.describe(),
                    more,
                    trouble));
        }
    }
}
