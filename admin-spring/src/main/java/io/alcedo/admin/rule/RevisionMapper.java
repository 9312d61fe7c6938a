package io.alcedo.admin.rule;

import io.alcedo.admin.api.Slice;
import java.util.List;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;

/** Rows of {@code rule_revision}: added and read. Nothing here changes or deletes one. */
@Mapper
interface RevisionMapper {
    @Insert("""
            INSERT INTO rule_revision (rule_id, revision, kind, based_on, definition, report, remark, created_by,
                created_at)
            VALUES (#{ruleId}, #{revision}, #{kind}, #{basedOn}, #{definition}, #{report}, #{remark}, #{createdBy},
                #{createdAt})""")
    void insert(Revision revision);

    @Select("SELECT * FROM rule_revision WHERE rule_id = #{ruleId} AND revision = #{revision}")
    Revision find(String ruleId, int revision);

    @Select("""
            SELECT revision, kind, based_on, remark, created_by, created_at FROM rule_revision WHERE rule_id = #{ruleId}
            ORDER BY revision DESC LIMIT #{slice.limit} OFFSET #{slice.offset}""")
    List<RevisionSummary> list(String ruleId, Slice slice);
}
