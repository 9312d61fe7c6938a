package io.alcedo.admin.publish;

import java.time.Instant;
import java.util.List;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;

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

    /**
     * The highest id there is, how many rows, and how many rules are settled: together they change whenever a row appears,
     * in whatever order, and whenever a rule is left out of the set.
     */
    @Select("""
            SELECT concat(coalesce(max(id), 0), '-', count(*), '-',
                (SELECT count(*) FROM publication WHERE settled_at IS NOT NULL)) FROM rule_outbox""")
    String mark();

    /** What has not gone out on this channel, the oldest first. */
    @Select("SELECT " + COLUMNS + """
             FROM rule_outbox o LEFT JOIN outbox_delivery d ON d.outbox_id = o.id AND d.channel = #{channel}
            WHERE d.outbox_id IS NULL OR d.again_at IS NOT NULL ORDER BY o.id LIMIT #{limit}""")
    List<OutboxRow> undelivered(String channel, int limit);

    /** Of each rule the last row, if it is on this channel; without the rule's text where it was left out. */
    @Select("""
            SELECT o.id, o.rule_id, o.revision, o.status, CASE WHEN p.settled_at IS NULL THEN o.rule END AS rule, o.audience
            FROM publication p JOIN rule_outbox o ON o.id = p.outbox_id
            JOIN outbox_delivery d ON d.outbox_id = o.id AND d.channel = #{channel} AND d.again_at IS NULL""")
    List<OutboxRow> latestDelivered(String channel);

    /** Whether the engine was told something later about this rule. */
    @Select("SELECT count(*) > 0 FROM publication WHERE rule_id = #{ruleId} AND outbox_id > #{id}")
    boolean isOvertaken(OutboxRow row);

    @Insert("""
            INSERT INTO outbox_delivery (channel, outbox_id, delivered_at)
            VALUES (#{channel}, #{outboxId}, #{deliveredAt})""")
    void delivered(String channel, long outboxId, Instant deliveredAt);

    @Update("""
            UPDATE outbox_delivery SET delivered_at = #{deliveredAt}, again_at = NULL
            WHERE channel = #{channel} AND outbox_id = #{outboxId}""")
    int deliveredAgain(String channel, long outboxId, Instant deliveredAt);

    @Update("""
            UPDATE outbox_delivery SET again_at = #{now}
            WHERE channel = #{channel} AND outbox_id = #{outboxId} AND again_at IS NULL""")
    int sendAgain(String channel, long outboxId, Instant now);

    @Update("UPDATE outbox_delivery SET again_at = #{now} WHERE outbox_id = #{outboxId} AND again_at IS NULL")
    int sendAgainEverywhere(long outboxId, Instant now);

    /** How many rows wait for this channel. */
    @Select("""
            SELECT count(*) FROM rule_outbox o
            LEFT JOIN outbox_delivery d ON d.outbox_id = o.id AND d.channel = #{channel}
            WHERE d.outbox_id IS NULL OR d.again_at IS NOT NULL""")
    long waiting(String channel);

    /** Seconds since the oldest row that never went out on this channel came, by the database's clock; null: there is none. */
    @Select("""
            SELECT TIMESTAMPDIFF(SECOND, min(o.created_at), CURRENT_TIMESTAMP(3)) FROM rule_outbox o
            LEFT JOIN outbox_delivery d ON d.outbox_id = o.id AND d.channel = #{channel} WHERE d.outbox_id IS NULL""")
    Long oldestNew(String channel);

    /** Since when the oldest row waits that is to go out once more; null: none is. */
    @Select("SELECT min(again_at) FROM outbox_delivery WHERE channel = #{channel}")
    Instant oldestAgain(String channel);

    @Select("SELECT count(*) FROM outbox_channel WHERE channel = #{channel}")
    int hasChannel(String channel);

    @Insert("INSERT INTO outbox_channel (channel) VALUES (#{channel})")
    void addChannel(String channel);

    @Select("SELECT channel FROM outbox_channel WHERE channel = #{channel} FOR UPDATE")
    String lockChannel(String channel);
}
