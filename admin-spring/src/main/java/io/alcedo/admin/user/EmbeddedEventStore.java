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
    private static final Instant BEFORE_ALL = Instant.ofEpochMilli(Long.MIN_VALUE);

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
        Long last = rows.lastId();
        // By place, not by number: what comes and goes meanwhile moves nothing.
        EventMapper.Place after = new EventMapper.Place(BEFORE_ALL, 0);
        while (last != null) {
            List<EventMapper.Sampled> some = rows.sample(buckets, after, last, ROWS);
            some.forEach(one -> to.accept(new UserEvent(one.userId(), one.happenedAt(), one.event())));
            if (some.size() < ROWS) {
                break;
            }
            EventMapper.Sampled end = some.get(ROWS - 1);
            after = new EventMapper.Place(end.happenedAt(), end.id());
        }
        return (double) buckets / BUCKETS;
    }

    @Override
    public List<String> usersLike(String beginning, int limit) {
        List<String> found = new ArrayList<>();
        String end = beginning + Character.MAX_VALUE;
        String next = rows.userFrom(beginning, end);
        while (next != null && found.size() < limit) {
            found.add(next);
            next = rows.userAfter(next, end);
        }
        return found;
    }

    @Override
    public Extent extent() {
        return rows.extent();
    }
}
