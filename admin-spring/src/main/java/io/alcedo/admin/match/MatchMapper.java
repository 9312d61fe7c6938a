package io.alcedo.admin.match;

import io.alcedo.admin.api.Slice;
import java.time.Instant;
import java.util.List;
import org.apache.ibatis.annotations.Delete;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;

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
              <if test="before != null and order.name() == 'RECEIVED'">AND id &lt; #{before.id}</if>
              <if test="before != null and order.name() == 'HAPPENED'">
                AND happened_at &lt;= #{before.happenedAt}
                AND (happened_at &lt; #{before.happenedAt} OR id &lt; #{before.id})
              </if>
            </where>""";
    /** As an index has it, word for word: H2 sorts all that is found where one column or direction differs. */
    String ORDER = """
            <choose>
              <when test="order.name() == 'RECEIVED'">ORDER BY id DESC</when>
              <when test="filter.user != null">ORDER BY user_id, happened_at DESC, id DESC</when>
              <when test="filter.rule != null">ORDER BY rule_id, happened_at DESC, id DESC</when>
              <otherwise>ORDER BY happened_at DESC, id DESC</otherwise>
            </choose>""";

    @Select("""
            <script>SELECT match_id FROM rule_match WHERE match_id IN
              <foreach item="id" collection="ids" open="(" separator="," close=")">#{id}</foreach></script>""")
    List<String> known(List<String> ids);

    /** MariaDB reads and sorts the whole table in place of the first rows of this index, unless its statistics are new. */
    String ALL_BY_TIME = """
            <if test="order.name() == 'HAPPENED' and filter.rule == null and filter.user == null">
              USE INDEX (rule_match_by_time)
            </if>""";

    @Select("<script>SELECT " + COLUMNS + " FROM rule_match " + ALL_BY_TIME + FILTER + ORDER
            + " LIMIT #{slice.limit} OFFSET #{slice.offset}</script>")
    List<Match> list(MatchFilter filter, MatchOrder order, MatchPage.Key before, Slice slice);

    /** How many there are, but no more than so many are looked at. */
    @Select("<script>SELECT count(*) FROM (SELECT 1 FROM rule_match " + FILTER + " LIMIT #{most}) AS found</script>")
    int total(MatchFilter filter, MatchPage.Key before, int most);

    @Select("SELECT " + COLUMNS + " FROM rule_match WHERE match_id = #{matchId}")
    Match find(String matchId);

    @Select("""
            <script>SELECT rule_id, at_minute AS "minute", matches FROM match_rate
            WHERE at_minute &gt;= #{from} AND at_minute &lt; #{to}
              <if test="rule != null">AND rule_id = #{rule}</if>
            ORDER BY at_minute, rule_id LIMIT #{limit}</script>""")
    List<MatchRate> rates(String rule, Instant from, Instant to, int limit);

    /** Of the first so many, the last that came before; null: none did. */
    @Select("""
            SELECT max(id) FROM (SELECT id, received_at FROM rule_match ORDER BY id LIMIT #{limit}) AS oldest
            WHERE received_at < #{before}""")
    Long lastOfOldest(Instant before, int limit);

    @Delete("DELETE FROM rule_match WHERE id <= #{last} AND received_at < #{before}")
    int forget(Instant before, long last);

    @Delete("DELETE FROM match_rate WHERE at_minute < #{before}")
    int forgetRates(Instant before);
}
