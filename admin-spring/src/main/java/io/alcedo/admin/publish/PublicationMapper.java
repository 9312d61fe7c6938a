package io.alcedo.admin.publish;

import java.util.List;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;

/** Rows of {@code publication}. */
@Mapper
interface PublicationMapper {
    @Select("SELECT rule_id, outbox_id, revision, status, published_at FROM publication WHERE rule_id = #{ruleId}")
    Publication find(String ruleId);

    @Insert("""
            INSERT INTO publication (rule_id, outbox_id, revision, status, published_at)
            VALUES (#{ruleId}, #{outboxId}, #{revision}, #{status}, #{publishedAt})""")
    void insert(Publication publication);

    @Update("""
            UPDATE publication SET outbox_id = #{outboxId}, revision = #{revision}, status = #{status},
                published_at = #{publishedAt}
            WHERE rule_id = #{ruleId}""")
    int update(Publication publication);

    @Select("""
            SELECT p.rule_id FROM publication p JOIN rule_outbox o ON o.id = p.outbox_id
            WHERE o.audience = #{audience} AND p.status <> 'stopped' ORDER BY p.rule_id""")
    List<String> runningWith(String audience);

    /** The complete set, by rule: stopped ones too, because a set that becomes empty stops nothing. */
    @Select("""
            SELECT o.id, o.rule_id, o.revision, o.status, o.rule, o.audience FROM publication p JOIN rule_outbox o ON o.id = p.outbox_id ORDER BY p.rule_id""")
    List<OutboxRow> completeSet();
}
