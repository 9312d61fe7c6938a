package io.alcedo.admin.user;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/** Events in the service's own database. */
@Component
class EmbeddedEventStore implements EventStore {
    static final int BUCKETS = 1_000;
    private static final int ROWS = 5_000;

    private final EventMapper rows;

    EmbeddedEventStore(EventMapper rows) {
        this.rows = rows;
    }

    @Override
    public List<UserEvent> ofUser(String user, Instant from, Instant to, int limit) {
        List<UserEvent> found = new ArrayList<>(rows.latest(user, from, to, limit));
        Collections.reverse(found);
        return found;
    }

    @Override
    public double sample(long events, Consumer<UserEvent> to) {
        long all = rows.extent().events();
        int buckets = all <= events ? BUCKETS : (int) Math.max(1, BUCKETS * events / all);
        for (int offset = 0; ; offset += ROWS) {
            List<UserEvent> some = rows.sample(buckets, ROWS, offset);
            some.forEach(to);
            if (some.size() < ROWS) {
                return (double) buckets / BUCKETS;
            }
        }
    }

    @Override
    public List<String> usersLike(String beginning, int limit) {
        return rows.usersBetween(beginning, beginning + Character.MAX_VALUE, limit);
    }

    @Override
    public Extent extent() {
        return rows.extent();
    }
}
