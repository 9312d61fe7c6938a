package io.alcedo.admin.publish;

import java.time.Instant;
import java.util.List;
import org.apache.ibatis.annotations.Delete;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;

/** Rows of {@code rule_outbox}, which are added and read, and of what was delivered of it. */
@Mapper
interface OutboxMapper {
    String COLUMNS = "o.id, o.rule_id, o.revision, o.status, o.rule, o.audience";

    @Insert("""
            INSERT INTO rule_outbox (rule_id, revision, status, rule, audience)
            VALUES (#{ruleId}, #{revision}, #{status}, #{rule}, #{audience})""")
    void insert(OutboxRow row);

    @Select("SELECT " + COLUMNS + " FROM rule_outbox o WHERE rule_id = #{ruleId} AND revision = #{revision}")
    OutboxRow find(String ruleId, int revision);

    /** The highest id there is, and how many rows: together they change whenever a row appears, in whatever order. */
    @Select("SELECT concat(coalesce(max(id), 0), '-', count(*)) FROM rule_outbox")
    String mark();

    /** What has not gone out on this channel, the oldest first. */
    @Select("SELECT " + COLUMNS + """
             FROM rule_outbox o LEFT JOIN outbox_delivery d ON d.outbox_id = o.id AND d.channel = #{channel}
            WHERE d.outbox_id IS NULL ORDER BY o.id LIMIT #{limit}""")
    List<OutboxRow> undelivered(String channel, int limit);

    /** Whether the engine was told something later about this rule. */
    @Select("SELECT count(*) > 0 FROM publication WHERE rule_id = #{ruleId} AND outbox_id > #{id}")
    boolean isOvertaken(OutboxRow row);

    @Insert("""
            INSERT INTO outbox_delivery (channel, outbox_id, delivered_at)
            VALUES (#{channel}, #{outboxId}, #{deliveredAt})""")
    void delivered(String channel, long outboxId, Instant deliveredAt);

    @Delete("DELETE FROM outbox_delivery WHERE channel = #{channel} AND outbox_id = #{outboxId}")
    int sendAgain(String channel, long outboxId);

    @Select("SELECT count(*) FROM outbox_channel WHERE channel = #{channel}")
    int hasChannel(String channel);

    @Insert("INSERT INTO outbox_channel (channel) VALUES (#{channel})")
    void addChannel(String channel);

    @Select("SELECT channel FROM outbox_channel WHERE channel = #{channel} FOR UPDATE")
    String lockChannel(String channel);
}
