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
                sample_events, sample_ended_at)
            VALUES (#{ruleId}, #{revision}, #{madeAt}, #{matchesPerHour}, #{audience}, #{stateBytes}, #{sampleUsers},
                #{sampleEvents}, #{sampleEndedAt})""")
    void insert(Row row);

    String GONE = """
            ended_at IS NULL AND NOT EXISTS (
              SELECT 1 FROM publication p WHERE p.rule_id = rule_forecast.rule_id
              AND p.revision = rule_forecast.revision AND p.status = 'live')""";

    /** How many there are whose revision does not run any more. */
    @Select("SELECT count(*) FROM rule_forecast WHERE " + GONE)
    int gone();

    /** Ends them. */
    @Update("UPDATE rule_forecast SET ended_at = #{now}, last_event_at = #{lastEvent} WHERE " + GONE)
    int end(Instant now, Instant lastEvent);

    @Select("""
            SELECT rule_id, revision, made_at, ended_at, matches_per_hour, audience, state_bytes, sample_users,
              sample_events, sample_ended_at, last_event_at
            FROM rule_forecast WHERE rule_id = #{ruleId} ORDER BY revision DESC LIMIT #{limit}""")
    List<Row> ofRule(String ruleId, int limit);

    @Select("""
            SELECT count(*) FROM rule_match
            WHERE rule_id = #{ruleId} AND happened_at > #{from} AND happened_at <= #{to}""")
    long matches(String ruleId, Instant from, Instant to);

    /** When the rule's latest match happened; null: it has none. */
    @Select("SELECT max(happened_at) FROM rule_match WHERE rule_id = #{ruleId}")
    Instant lastMatch(String ruleId);

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
            long sampleEvents,
            Instant sampleEndedAt,
            Instant lastEventAt) {}
}
