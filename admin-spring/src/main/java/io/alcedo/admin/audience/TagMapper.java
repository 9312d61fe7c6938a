package io.alcedo.admin.audience;

import java.time.Instant;
import java.util.List;
import org.apache.ibatis.annotations.Delete;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Options;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;

/** Rows of {@code user_tags} and {@code tag_batch}. */
@Mapper
interface TagMapper {
    /** The highest id there is, and how many: a batch with a lower id may be complete after it, and changes the mark too. */
    @Select("SELECT concat(coalesce(max(id), 0), '-', count(*)) FROM tag_batch")
    String mark();

    @Insert("INSERT INTO tag_batch (users, created_by, created_at) VALUES (0, #{by}, #{now})")
    @Options(useGeneratedKeys = true, keyProperty = "id", keyColumn = "id")
    void begin(NewBatch batch);

    @Update("UPDATE tag_batch SET users = #{users} WHERE id = #{id}")
    void end(long id, long users);

    @Select("SELECT count(*) FROM user_tags")
    long users();

    @Select("SELECT user_id, tags FROM user_tags WHERE user_id = #{user}")
    UserTags find(String user);

    @Select("""
            SELECT user_id, tags FROM user_tags WHERE user_id > #{after} ORDER BY user_id LIMIT #{limit}""")
    List<UserTags> after(String after, int limit);

    @Delete("""
            <script>DELETE FROM user_tags WHERE user_id IN
              <foreach item="row" collection="rows" open="(" separator="," close=")">#{row.userId}</foreach></script>""")
    void deleteAll(List<UserTags> rows);

    @Insert("""
            <script>INSERT INTO user_tags (user_id, tags, batch_id) VALUES
              <foreach item="row" collection="rows" separator=",">(#{row.userId}, #{row.tags}, #{batch})</foreach></script>""")
    void insertAll(List<UserTags> rows, long batch);

    @Delete("DELETE FROM user_tags WHERE batch_id <> #{batch}")
    void deleteOthers(long batch);

    /** A batch that begins; the database gives it its id. */
    final class NewBatch {
        private final String by;
        private final Instant now;
        private long id;

        NewBatch(String by, Instant now) {
            this.by = by;
            this.now = now;
        }

        public String getBy() {
            return by;
        }

        public Instant getNow() {
            return now;
        }

        public long getId() {
            return id;
        }

        public void setId(long value) {
            id = value;
        }
    }
}
