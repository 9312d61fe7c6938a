package io.alcedo.admin.publish;

import java.time.Instant;
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
                published_at = #{publishedAt}, settled_at = NULL
            WHERE rule_id = #{ruleId}""")
    int update(Publication publication);

    @Select("""
            SELECT p.rule_id FROM publication p JOIN rule_outbox o ON o.id = p.outbox_id
            WHERE o.audience = #{audience} AND p.status <> 'stopped' ORDER BY p.rule_id""")
    List<String> runningWith(String audience);

    /** The complete set, by rule: stopped ones too, until they are settled. */
    @Select("""
            SELECT o.id, o.rule_id, o.revision, o.status, o.rule, o.audience FROM publication p JOIN rule_outbox o ON o.id = p.outbox_id
            WHERE p.settled_at IS NULL ORDER BY p.rule_id""")
    List<OutboxRow> completeSet();

    /** Leaves a stopped rule out of the set, unless something was told about it since. */
    @Update("""
            UPDATE publication SET settled_at = #{now}
            WHERE rule_id = #{ruleId} AND outbox_id = #{outboxId} AND settled_at IS NULL""")
    int settle(String ruleId, long outboxId, Instant now);

    @Select("SELECT count(*) > 0 FROM publication WHERE outbox_id = #{outboxId} AND settled_at IS NOT NULL")
    boolean isSettled(long outboxId);
}
