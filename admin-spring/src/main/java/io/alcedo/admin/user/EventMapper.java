package io.alcedo.admin.user;

import java.time.Instant;
import java.util.List;
import org.apache.ibatis.annotations.Delete;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;

/** Rows of {@code recent_event}. */
@Mapper
interface EventMapper {
    @Select("""
            <script>SELECT event_hash FROM recent_event WHERE event_hash IN
              <foreach item="hash" collection="hashes" open="(" separator="," close=")">#{hash}</foreach></script>""")
    List<String> known(List<String> hashes);

    @Insert("""
            <script>INSERT INTO recent_event (event_hash, user_id, happened_at, bucket, raw) VALUES
              <foreach item="row" collection="rows" separator=",">(#{row.eventHash}, #{row.userId}, #{row.happenedAt},
                #{row.bucket}, #{row.raw})</foreach></script>""")
    void insertAll(List<Row> rows);

    @Select("""
            SELECT user_id, happened_at, raw AS event FROM recent_event
            WHERE user_id = #{user} AND happened_at >= #{from} AND happened_at < #{to}
            ORDER BY happened_at DESC, id DESC LIMIT #{limit}""")
    List<UserEvent> latest(String user, Instant from, Instant to, int limit);

    @Select("SELECT count(*) AS events, min(happened_at) AS \"from\", max(happened_at) AS \"to\" FROM recent_event")
    EventStore.Extent extent();

    @Select("""
            SELECT user_id, happened_at, raw AS event FROM recent_event WHERE bucket < #{buckets}
            ORDER BY happened_at, id LIMIT #{limit} OFFSET #{offset}""")
    List<UserEvent> sample(int buckets, int limit, int offset);

    @Select("""
            SELECT user_id, happened_at, raw AS event FROM recent_event ORDER BY happened_at DESC, id DESC
            LIMIT #{limit}""")
    List<UserEvent> newest(int limit);

    @Select("""
            SELECT DISTINCT user_id FROM recent_event WHERE user_id >= #{from} AND user_id < #{to}
            ORDER BY user_id LIMIT #{limit}""")
    List<String> usersBetween(String from, String to, int limit);

    @Select("SELECT happened_at FROM recent_event ORDER BY happened_at DESC LIMIT 1 OFFSET #{skipped}")
    Instant momentOf(long skipped);

    @Delete("DELETE FROM recent_event WHERE happened_at < #{before} LIMIT #{limit}")
    int forget(Instant before, int limit);

    /** An event on its way in. */
    record Row(String eventHash, String userId, Instant happenedAt, int bucket, String raw) {}
}
