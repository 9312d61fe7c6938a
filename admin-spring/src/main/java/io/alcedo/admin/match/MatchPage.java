package io.alcedo.admin.match;

import io.alcedo.admin.api.ProblemException;
import io.alcedo.admin.api.Slice;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;

/**
 * A part of the matches. There may be hundreds of millions: what is told of their number stops at {@value #COUNTED}, and
 * who wants more goes on behind the last one instead of counting to it.
 *
 * @param total how many there are, at most {@value #COUNTED}
 * @param more whether there are more than {@code total}
 * @param next goes on behind the last of these as {@code before}; null: these are the last
 */
@Schema(requiredProperties = {"items", "total", "more", "offset", "limit"})
record MatchPage(List<Match> items, int total, boolean more, int offset, int limit, String next) {
    static final int COUNTED = 10_000;
    /** Of {@link #next}: the moment in milliseconds and the id of a match. */
    static final String KEY = "-?[0-9]{1,19}_[0-9]{1,19}";

    static MatchPage of(List<Match> items, int counted, Slice slice) {
        Match last = items.size() < slice.limit() ? null : items.get(items.size() - 1);
        return new MatchPage(
                items,
                Math.min(counted, COUNTED),
                counted > COUNTED,
                slice.offset(),
                slice.limit(),
                last == null ? null : last.happenedAt().toEpochMilli() + "_" + last.id());
    }

    /** An offset is counted to: only so far. */
    static void mustBeNear(Slice slice) {
        if (slice.offset() >= COUNTED) {
            throw ProblemException.invalid(
                    "offset",
                    "at most " + (COUNTED - 1) + "; go on with `before`, which the page before names as `next`");
        }
    }

    /** A place in the order of the list. */
    record Key(Instant happenedAt, long id) {
        static Key of(String text) {
            String[] parts = text.split("_");
            try {
                return new Key(Instant.ofEpochMilli(Long.parseLong(parts[0])), Long.parseLong(parts[1]));
            } catch (NumberFormatException e) {
                throw ProblemException.invalid("before", "this is no `next` of a page");
            }
        }
    }
}
