package io.alcedo.admin.audience;

import io.alcedo.admin.api.Slice;
import java.time.Instant;
import java.util.List;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;

/** Rows of {@code audience}, its versions and members. Versions and members are added and read, never changed. */
@Mapper
interface AudienceMapper {
    String JOINED = """
            SELECT a.id, a.profile, v.number, v.sha256, v.users, v.examples, v.batch_mark, v.created_by, v.created_at
            FROM audience a JOIN audience_version v ON v.audience_id = a.id AND v.number = a.current_number""";

    @Select("SELECT count(*) FROM audience")
    long count();

    @Select(JOINED + " ORDER BY a.id LIMIT #{limit} OFFSET #{offset}")
    List<Audience> list(Slice slice);

    @Select(JOINED + " ORDER BY a.id")
    List<Audience> all();

    @Select(JOINED + " WHERE a.id = #{id}")
    Audience find(String id);

    @Select("SELECT id FROM audience WHERE id = #{id} FOR UPDATE")
    String lock(String id);

    @Select("""
            SELECT audience_id AS id, profile, number, sha256, users, examples, batch_mark, created_by, created_at
            FROM audience_version WHERE audience_id = #{id} ORDER BY number DESC
            LIMIT #{slice.limit} OFFSET #{slice.offset}""")
    List<Audience> versions(String id, Slice slice);

    @Insert("INSERT INTO audience (id, profile, current_number, created_at) VALUES (#{id}, #{profile}, 1, #{now})")
    void insert(String id, String profile, Instant now);

    @Update("UPDATE audience SET profile = #{profile}, current_number = #{number} WHERE id = #{id}")
    void point(String id, String profile, int number);

    @Insert("""
            INSERT INTO audience_version (audience_id, number, sha256, users, examples, profile, batch_mark, created_by,
                created_at)
            VALUES (#{id}, #{number}, #{sha256}, #{users}, #{examples}, #{profile}, #{batchMark}, #{createdBy},
                #{createdAt})""")
    void insertVersion(Audience audience);

    @Select("SELECT count(*) FROM audience_members WHERE sha256 = #{sha256}")
    int hasMembers(String sha256);

    @Insert("INSERT INTO audience_members (sha256, members) VALUES (#{sha256}, #{members})")
    void insertMembers(String sha256, byte[] members);

    @Select("SELECT sha256, members FROM audience_members WHERE sha256 = #{sha256}")
    Members members(String sha256);

    /** A set of users in the engine's own form. */
    record Members(String sha256, byte[] members) {}
}
