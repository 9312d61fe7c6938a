package io.alcedo.admin.rule;

import io.alcedo.admin.api.Slice;
import java.util.List;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;

/** Rows of {@code rule}. */
@Mapper
interface RuleMapper {
    String FILTER = """
            <where>
              <if test="filter.state != null">AND state = #{filter.state}</if>
              <if test="filter.state == null">AND state &lt;&gt; 'ARCHIVED'</if>
              <if test="filter.workspace != null">AND workspace_id = #{filter.workspace}</if>
              <if test="filter.pattern != null">
                AND (lower(name) LIKE #{filter.pattern} ESCAPE '!' OR id LIKE #{filter.pattern} ESCAPE '!')
              </if>
            </where>""";

    @Select("<script>SELECT * FROM rule " + FILTER
            + " ORDER BY updated_at DESC, id LIMIT #{slice.limit} OFFSET #{slice.offset}</script>")
    List<Rule> list(RuleFilter filter, Slice slice);

    @Select("<script>SELECT count(*) FROM rule " + FILTER + "</script>")
    long count(@Param("filter") RuleFilter filter);

    @Select("SELECT * FROM rule WHERE id = #{id}")
    Rule find(String id);

    @Select("SELECT * FROM rule WHERE id = #{id} FOR UPDATE")
    Rule lock(String id);

    @Insert("""
            INSERT INTO rule (id, workspace_id, name, state, head_revision, last_revision, created_by, created_at,
                updated_by, updated_at, version)
            VALUES (#{id}, #{workspaceId}, #{name}, #{state}, #{headRevision}, #{lastRevision}, #{createdBy},
                #{createdAt}, #{updatedBy}, #{updatedAt}, #{version})""")
    void insert(Rule rule);

    /** Writes what changed; the row is locked, and its version goes up by one. */
    @Update("""
            UPDATE rule SET name = #{name}, state = #{state}, head_revision = #{headRevision},
                last_revision = #{lastRevision}, review_revision = #{reviewRevision},
                approved_revision = #{approvedRevision}, running_revision = #{runningRevision},
                updated_by = #{updatedBy}, updated_at = #{updatedAt}, version = version + 1
            WHERE id = #{id} AND version = #{version}""")
    int update(Rule rule);
}
