package io.alcedo.admin.backtest;

import io.alcedo.admin.api.Slice;
import java.time.Instant;
import java.util.List;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;

/** Rows of {@code backtest}. */
@Mapper
interface BacktestMapper {
    String COLUMNS = "id, rule_id, data_set_id, state, CASE WHEN state = 'DONE' THEN 1.0 ELSE 0.0 END AS progress,"
            + " result, failure, created_by, created_at, ended_at";

    @Select("SELECT " + COLUMNS + " FROM backtest WHERE rule_id = coalesce(#{rule}, rule_id)"
            + " ORDER BY id DESC LIMIT #{slice.limit} OFFSET #{slice.offset}")
    List<Backtest> list(String rule, Slice slice);

    @Select("SELECT count(*) FROM backtest WHERE rule_id = coalesce(#{rule}, rule_id)")
    long count(@org.apache.ibatis.annotations.Param("rule") String rule);

    @Select("SELECT " + COLUMNS + " FROM backtest WHERE id = #{id}")
    Backtest find(long id);

    @Select("SELECT request FROM backtest WHERE id = #{id}")
    String request(long id);

    @Select("SELECT max(id) FROM backtest WHERE created_by = #{by} AND created_at = #{at}")
    long lastOf(String by, Instant at);

    @Select("SELECT count(*) FROM backtest WHERE state = 'WAITING'")
    long waiting();

    @Insert("""
            INSERT INTO backtest (rule_id, data_set_id, request, state, created_by, created_at)
            VALUES (#{ruleId}, #{dataSetId}, #{request}, 'WAITING', #{by}, #{at})""")
    void insert(String ruleId, Long dataSetId, String request, String by, Instant at);

    @Select("SELECT min(id) FROM backtest WHERE state = 'WAITING'")
    Long next();

    @Update("UPDATE backtest SET state = 'RUNNING' WHERE id = #{id} AND state = 'WAITING'")
    int begin(long id);

    @Update("""
            UPDATE backtest SET state = #{state}, result = #{result}, failure = #{failure}, ended_at = #{at}
            WHERE id = #{id} AND state IN ('WAITING', 'RUNNING')""")
    int end(long id, Backtest.State state, String result, String failure, Instant at);

    @Update("""
            UPDATE backtest SET state = 'WAITING' WHERE state = 'RUNNING'""")
    int startAgain();
}
