package io.alcedo.admin.rule;

import io.alcedo.admin.api.Slice;
import java.time.Instant;
import java.util.List;
import org.apache.ibatis.annotations.Delete;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;

/** Rows of {@code rule_draft}. */
@Mapper
interface DraftMapper {
    String COLUMNS = "rule_id, based_on, body, updated_at, version";

    @Select("SELECT count(*) FROM rule_draft WHERE author = #{author}")
    long count(String author);

    @Select("SELECT " + COLUMNS + " FROM rule_draft WHERE author = #{author} ORDER BY updated_at DESC, rule_id"
            + " LIMIT #{slice.limit} OFFSET #{slice.offset}")
    List<Draft> list(String author, Slice slice);

    @Select("SELECT " + COLUMNS + " FROM rule_draft WHERE author = #{author} AND rule_id = #{ruleId}")
    Draft find(String author, String ruleId);

    @Insert("""
            INSERT INTO rule_draft (author, rule_id, based_on, body, updated_at, version)
            VALUES (#{author}, #{ruleId}, #{basedOn}, #{body}, #{now}, 1)""")
    void insert(String author, String ruleId, Integer basedOn, String body, Instant now);

    @Update("""
            UPDATE rule_draft SET based_on = #{basedOn}, body = #{body}, updated_at = #{now}, version = version + 1
            WHERE author = #{author} AND rule_id = #{ruleId} AND version = #{version}""")
    int update(String author, String ruleId, int version, Integer basedOn, String body, Instant now);

    @Delete("DELETE FROM rule_draft WHERE author = #{author} AND rule_id = #{ruleId}")
    void delete(String author, String ruleId);
}
