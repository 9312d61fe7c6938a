package io.alcedo.natives;

/** Settings of an engine. Times are ms. */
public final class EngineConfig {
    /** The most ids that {@link #dedupe} keeps per user. */
    public static final int MAX_DEDUPE = Layout.MAX_DEDUPE;

    private String order = "ordered";
    private long latenessMillis;
    private String mapping;
    private final StringBuilder mappings = new StringBuilder();
    private Long until;
    private long cacheBytes = 64L << 20;
    private long cacheUsers = Integer.MAX_VALUE;
    private long dirtyUsers = 10_000;
    private int dedupe;

    /** Events wait until the watermark passes them, then are taken in by time: the default. */
    public EngineConfig ordered() {
        order = "ordered";
        latenessMillis = 0;
        return this;
    }

    /** Events are judged at once; what is more than so many ms behind the watermark is late. */
    public EngineConfig arrival(long latenessMillis) {
        if (latenessMillis < 0) {
            throw new IllegalArgumentException(
                    "the allowed lateness is " + latenessMillis + " ms: it cannot be negative");
        }
        order = "arrival";
        this.latenessMillis = latenessMillis;
        return this;
    }

    /** Where user, type, time, id and properties are in a record, as JSON; null: the default names. */
    public EngineConfig mapping(String jsonOrNull) {
        mapping = jsonOrNull;
        return this;
    }

    /** The mapping of records from this partition on; each call with a larger one. What lies below has {@link #mapping}. */
    public EngineConfig mappingFrom(int partition, String jsonOrNull) {
        mappings.append(mappings.length() == 0 ? "" : ",")
                .append('[')
                .append(partition)
                .append(',');
        mappings.append(jsonOrNull == null ? "null" : Json.text(jsonOrNull)).append(']');
        return this;
    }

    /** Events and deadlines after this time (Unix ms) never happen; null: there is no such time. */
    public EngineConfig until(Long timeOrNull) {
        until = timeOrNull;
        return this;
    }

    /**
     * Bound of native memory, bytes: users' states, what waits to be told, the rules and this engine's buffers; 64 MiB
     * unless set.
     */
    public EngineConfig cacheBytes(long bytes) {
        cacheBytes = positive("the cache's bytes", bytes);
        return this;
    }

    /** Bound of the cache, users; practically none unless set. */
    public EngineConfig cacheUsers(long users) {
        cacheUsers = positive("the cache's users", users);
        return this;
    }

    /** At most so many users are dirty between two calls; 10000 unless set. Each costs a write before a barrier. */
    public EngineConfig dirtyUsers(long users) {
        dirtyUsers = positive("the dirty users", users);
        return this;
    }

    /** Drops an event whose id is among those of its user's last so many events taken in; 0, the default: none. */
    public EngineConfig dedupe(int ids) {
        if (ids < 0 || ids > MAX_DEDUPE) {
            throw new IllegalArgumentException("dedupe is " + ids + ": 0 to " + MAX_DEDUPE);
        }
        dedupe = ids;
        return this;
    }

    private static long positive(String what, long number) {
        if (number < 1) {
            throw new IllegalArgumentException(what + " are " + number + ": at least 1");
        }
        return number;
    }

    /** The mapping crosses as a text inside the text: the engine reads it, and tells what is wrong with it. */
    String toJson() {
        return "{\"order\":" + Json.text(order) + ",\"lateness_ms\":" + latenessMillis + ",\"mapping\":"
                + (mapping == null ? "null" : Json.text(mapping)) + ",\"mappings\":[" + mappings + "],\"until\":"
                + until + ",\"cache_bytes\":"
                + cacheBytes
                + ",\"cache_users\":" + cacheUsers + ",\"dirty_users\":" + dirtyUsers + ",\"dedupe\":" + dedupe + "}";
    }
}
