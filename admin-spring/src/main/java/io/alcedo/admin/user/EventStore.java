package io.alcedo.admin.user;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Users' events of late. Fits a table by user as well as an analytic store: one user's are few, a sample is a scan. */
public interface EventStore {
    /** A user's events from the first moment on and before the second, the oldest first; the latest ones if it holds more. */
    List<UserEvent> ofUser(String user, Instant from, Instant to, int limit);

    /**
     * All events of some users, by time; about as many as are asked for.
     *
     * @return which part of all users they are of, above 0 and at most 1
     */
    double sample(long events, Consumer<UserEvent> to);

    /** Users whose ids begin so, in their order. */
    List<String> usersLike(String beginning, int limit);

    /** How many it holds, and of when. */
    Extent extent();

    /** What a store holds; the moments are null where it holds nothing. */
    record Extent(long events, Instant from, Instant to) {}
}
