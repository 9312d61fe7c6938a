package io.alcedo.admin.match;

import io.alcedo.admin.api.Slice;
import java.time.Instant;
import java.util.List;
import org.apache.ibatis.annotations.Delete;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;

/** Rows of {@code rule_match} and {@code match_rate}. */
@Mapper
interface MatchMapper {
    String COLUMNS = "id, match_id, rule_id, revision, user_id, happened_at, received_at, body AS receipt";
    String FILTER = """
            <where>
              <if test="filter.rule != null">AND rule_id = #{filter.rule}</if>
              <if test="filter.user != null">AND user_id = #{filter.user}</if>
              <if test="filter.from != null">AND happened_at &gt;= #{filter.from}</if>
              <if test="filter.to != null">AND happened_at &lt; #{filter.to}</if>
            </where>""";

    @Select("""
            <script>SELECT match_id FROM rule_match WHERE match_id IN
              <foreach item="id" collection="ids" open="(" separator="," close=")">#{id}</foreach></script>""")
    List<String> known(List<String> ids);

    @Insert("""
            <script>INSERT INTO rule_match (match_id, rule_id, revision, user_id, happened_at, received_at, body) VALUES
              <foreach item="row" collection="rows" separator=",">(#{row.matchId}, #{row.ruleId}, #{row.revision},
                #{row.userId}, #{row.happenedAt}, #{row.receivedAt}, #{row.receipt})</foreach></script>""")
    void insertAll(List<Match> rows);

    @Update("""
            UPDATE match_rate SET matches = matches + #{matches}
            WHERE rule_id = #{ruleId} AND at_minute = #{minute}""")
    int count(MatchRate more);

    @Insert("INSERT INTO match_rate (rule_id, at_minute, matches) VALUES (#{ruleId}, #{minute}, #{matches})")
    void begin(MatchRate rate);

    @Select("<script>SELECT " + COLUMNS + " FROM rule_match " + FILTER
            + " ORDER BY happened_at DESC, id DESC LIMIT #{slice.limit} OFFSET #{slice.offset}</script>")
    List<Match> list(MatchFilter filter, Slice slice);

    @Select("<script>SELECT count(*) FROM rule_match " + FILTER + "</script>")
    long total(@Param("filter") MatchFilter filter);

    @Select("SELECT " + COLUMNS + " FROM rule_match WHERE match_id = #{matchId}")
    Match find(String matchId);

    @Select("""
            <script>SELECT rule_id, at_minute AS "minute", matches FROM match_rate
            WHERE at_minute &gt;= #{from} AND at_minute &lt; #{to}
              <if test="rule != null">AND rule_id = #{rule}</if>
            ORDER BY at_minute, rule_id LIMIT #{limit}</script>""")
    List<MatchRate> rates(String rule, Instant from, Instant to, int limit);

    @Delete("DELETE FROM rule_match WHERE received_at < #{before} LIMIT #{limit}")
    int forget(Instant before, int limit);

    @Delete("DELETE FROM match_rate WHERE at_minute < #{before}")
    int forgetRates(Instant before);
}
