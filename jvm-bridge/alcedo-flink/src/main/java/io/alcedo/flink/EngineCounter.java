package io.alcedo.flink;

/** The engine's counters in its own order, with their names as metrics. Sizes are bytes. */
enum EngineCounter {
    TAKEN("eventsTaken"),
    LATE("late"),
    BAD("bad"),
    MATCHES("matches"),
    DEADLINES("deadlines"),
    DROPPED("dropped"),
    CACHE_HITS("cacheHits"),
    CACHE_MISSES("cacheMisses"),
    STATE_READ("stateReadBytes"),
    STATE_WRITTEN("stateWrittenBytes"),
    CACHED_USERS("cachedUsers"),
    DIRTY_USERS("dirtyUsers"),
    CACHED_BYTES("cachedBytes"),
    WAITING("waitingEvents");

    final String metric;

    EngineCounter(String metric) {
        this.metric = metric;
    }
}
