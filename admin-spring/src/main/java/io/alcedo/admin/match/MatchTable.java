package io.alcedo.admin.match;

import io.alcedo.admin.intake.GroupCommit;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Matches and their counts per minute, as they are written. One statement of one row is sent for many rows: H2 prepares it
 * once, and MariaDB's driver sends them all together. Counts come last, so that their rows are held for the commit alone.
 */
@Component
class MatchTable implements GroupCommit.Table<Match> {
    /** Below MariaDB's smallest usual packet with rows of a few KiB; its driver cuts where they are larger. */
    private static final int ROWS = 1_000;

    private static final String INSERT = "INSERT INTO rule_match"
            + " (match_id, rule_id, revision, user_id, happened_at, received_at, body) VALUES (?, ?, ?, ?, ?, ?, ?)";
    private static final String COUNT = "INSERT INTO match_rate (rule_id, at_minute, matches) VALUES (?, ?, ?)"
            + " ON DUPLICATE KEY UPDATE matches = matches + VALUES(matches)";

    private final MatchMapper matches;
    private final JdbcTemplate jdbc;
    private final Clock clock;

    MatchTable(MatchMapper matches, JdbcTemplate jdbc, Clock clock) {
        this.matches = matches;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Override
    public List<String> known(List<String> keys) {
        return matches.known(keys);
    }

    @Override
    public void insert(List<Match> rows) {
        jdbc.batchUpdate(INSERT, rows, ROWS, (row, match) -> {
            row.setString(1, match.matchId());
            row.setString(2, match.ruleId());
            row.setInt(3, match.revision());
            row.setString(4, match.userId());
            row.setLong(5, match.happenedAt().toEpochMilli());
            row.setLong(6, match.receivedAt().toEpochMilli());
            row.setString(7, match.receipt());
        });
        // In one order, so that two instances never wait for each other.
        Map<String, Long> perRule = new TreeMap<>();
        rows.forEach(match -> perRule.merge(match.ruleId(), 1L, Long::sum));
        Instant minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        jdbc.batchUpdate(COUNT, List.copyOf(perRule.entrySet()), ROWS, (row, rule) -> {
            row.setString(1, rule.getKey());
            row.setLong(2, minute.toEpochMilli());
            row.setLong(3, rule.getValue());
        });
    }
}
