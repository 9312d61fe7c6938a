package io.alcedo.admin.forecast;

import java.time.Instant;
import java.util.List;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;

/** Rows of {@code rule_forecast}. */
@Mapper
interface ForecastMapper {
    /** Revisions that run and of which nothing is kept. */
    @Select("""
            SELECT p.rule_id, p.revision, r.definition FROM publication p
            JOIN rule_revision r ON r.rule_id = p.rule_id AND r.revision = p.revision
            LEFT JOIN rule_forecast f ON f.rule_id = p.rule_id AND f.revision = p.revision
            WHERE p.status = 'live' AND f.rule_id IS NULL ORDER BY p.outbox_id DESC""")
    List<Running> withoutForecast();

    @Insert("""
            INSERT INTO rule_forecast (rule_id, revision, made_at, matches_per_hour, audience, state_bytes, sample_users,
                sample_events)
            VALUES (#{ruleId}, #{revision}, #{madeAt}, #{matchesPerHour}, #{audience}, #{stateBytes}, #{sampleUsers},
                #{sampleEvents})""")
    void insert(Row row);

    /** Those whose revision does not run any more. */
    @Update("""
            UPDATE rule_forecast SET ended_at = #{now} WHERE ended_at IS NULL AND NOT EXISTS (
              SELECT 1 FROM publication p WHERE p.rule_id = rule_forecast.rule_id
              AND p.revision = rule_forecast.revision AND p.status = 'live')""")
    int end(Instant now);

    @Select("""
            SELECT rule_id, revision, made_at, ended_at, matches_per_hour, audience, state_bytes, sample_users,
              sample_events
            FROM rule_forecast WHERE rule_id = #{ruleId} ORDER BY revision DESC LIMIT #{limit}""")
    List<Row> ofRule(String ruleId, int limit);

    @Select("""
            SELECT coalesce(sum(matches), 0) FROM match_rate
            WHERE rule_id = #{ruleId} AND at_minute >= #{from} AND at_minute < #{to}""")
    long matches(String ruleId, Instant from, Instant to);

    /** A revision that runs. */
    record Running(String ruleId, int revision, String definition) {}

    /** What is kept. */
    record Row(
            String ruleId,
            int revision,
            Instant madeAt,
            Instant endedAt,
            double matchesPerHour,
            Long audience,
            long stateBytes,
            long sampleUsers,
            long sampleEvents) {}
}
