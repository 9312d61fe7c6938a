package io.alcedo.admin.backtest;

import java.time.Instant;

/**
 * A log that was uploaded.
 *
 * @param bytes of its readable events
 * @param bad lines that cannot be read; they are left out
 * @param beganAt the time of its first event; null: it has none
 */
public record DataSet(
        long id,
        String name,
        long bytes,
        long events,
        long users,
        long bad,
        Instant beganAt,
        Instant endedAt,
        String createdBy,
        Instant createdAt) {}
