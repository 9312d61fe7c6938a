package io.alcedo.admin.user;

import io.alcedo.admin.intake.GroupCommit;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/** Events as they are written. */
@Component
class EventTable implements GroupCommit.Table<EventMapper.Row> {
    private static final int ROWS = 1_000;
    private static final String INSERT =
            "INSERT INTO recent_event (event_hash, user_id, happened_at, bucket, raw) VALUES (?, ?, ?, ?, ?)";

    private final EventMapper events;
    private final JdbcTemplate jdbc;

    EventTable(EventMapper events, JdbcTemplate jdbc) {
        this.events = events;
        this.jdbc = jdbc;
    }

    @Override
    public List<String> known(List<String> keys) {
        return events.known(keys);
    }

    @Override
    public void insert(List<EventMapper.Row> rows) {
        jdbc.batchUpdate(INSERT, rows, ROWS, (row, event) -> {
            row.setString(1, event.eventHash());
            row.setString(2, event.userId());
            row.setLong(3, event.happenedAt().toEpochMilli());
            row.setInt(4, event.bucket());
            row.setString(5, event.raw());
        });
    }

    /** Their one writer. */
    @Configuration
    static class Writer {
        @Bean
        GroupCommit<EventMapper.Row> eventWriter(EventTable table, PlatformTransactionManager transactions) {
            return new GroupCommit<>("event-writer", table, transactions);
        }
    }
}
