package io.alcedo.admin.audience;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Where users' tags are. The questions are those that a key-value store answers (a scan, a get) and an analytic
 * one too (a projection, a point query, a LIMIT); what the tags mean is the engine's to say.
 */
public interface TagStore {
    /** Names the last complete batch of tags; it changes when, and only when, another one is complete. */
    String batchMark();

    /** How many users have tags. */
    long users();

    /**
     * All users, in any order that is the same twice.
     *
     * @param tags the tags that are looked at; a store with columns need not read others
     * @param lines takes pieces of at most a few MiB: a JSON object a line, with {@code user} and the tags
     */
    void scan(Set<String> tags, Consumer<String> lines);

    /** The lines of some users, at most so many: for suggestions, so any will do. */
    List<String> some(int users);

    /** One user's line; empty: he has no tags. */
    Optional<String> tags(String user);
}
