package io.alcedo.admin.user;

import java.time.Instant;
import java.util.List;
import org.apache.ibatis.annotations.Delete;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;

/** Rows of {@code recent_event}. */
@Mapper
interface EventMapper {
    @Select("""
            <script>SELECT event_hash FROM recent_event WHERE event_hash IN
              <foreach item="hash" collection="hashes" open="(" separator="," close=")">#{hash}</foreach></script>""")
    List<String> known(List<String> hashes);

    @Select("""
            SELECT user_id, happened_at, raw AS event FROM recent_event
            WHERE user_id = #{user} AND happened_at >= #{from} AND happened_at < #{to}
            ORDER BY user_id, happened_at DESC, id DESC LIMIT #{limit}""")
    List<UserEvent> latest(String user, Instant from, Instant to, int limit);

    @Select("SELECT count(*) AS events, min(happened_at) AS \"from\", max(happened_at) AS \"to\" FROM recent_event")
    EventStore.Extent extent();

    /** The last id that was given. */
    @Select("SELECT max(id) FROM recent_event")
    Long lastId();

    /** Those of the first buckets that come after this one in time, and were there when {@code last} was the last. */
    @Select("""
            SELECT id, user_id, happened_at, raw AS event FROM recent_event
            WHERE happened_at >= #{after.happenedAt} AND (happened_at > #{after.happenedAt} OR id > #{after.id})
              AND bucket < #{buckets} AND id <= #{last}
            ORDER BY happened_at, id LIMIT #{limit}""")
    List<Sampled> sample(int buckets, Place after, long last, int limit);

    /** The last that came, the last first. */
    @Select("""
            SELECT user_id, happened_at, raw AS event FROM recent_event
            WHERE id > (SELECT max(id) FROM recent_event) - #{limit} ORDER BY id DESC""")
    List<UserEvent> newest(int limit);

    /** The first user in order, from an id on; null: there is none. */
    @Select("""
            SELECT user_id FROM recent_event WHERE user_id >= #{from} AND user_id < #{to}
            ORDER BY user_id LIMIT 1""")
    String userFrom(String from, String to);

    /** The next user in order; null: there is none. Asked again and again it reads a row a user, not all their events. */
    @Select("""
            SELECT user_id FROM recent_event WHERE user_id > #{after} AND user_id < #{to}
            ORDER BY user_id LIMIT 1""")
    String userAfter(String after, String to);

    /** The moment of the oldest but so many. */
    @Select("SELECT happened_at FROM recent_event ORDER BY happened_at, id LIMIT 1 OFFSET #{skipped}")
    Instant momentOf(long skipped);

    @Delete("DELETE FROM recent_event WHERE happened_at < #{before} LIMIT #{limit}")
    int forget(Instant before, int limit);

    /** A place in the order of time. */
    record Place(Instant happenedAt, long id) {}

    /** An event of a sample. */
    record Sampled(long id, String userId, Instant happenedAt, String event) {}

    /** An event on its way in. */
    record Row(String eventHash, String userId, Instant happenedAt, int bucket, String raw) {}
}
