package io.alcedo.admin.api;

import java.time.Instant;
import org.apache.ibatis.annotations.Delete;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;

/** Rows of {@code idempotent_answer}. */
@Mapper
interface IdempotencyMapper {
    @Insert("""
            INSERT INTO idempotent_answer (actor, idempotency_key, request_sha256, status, created_at)
            VALUES (#{actor}, #{key}, #{request}, 0, #{now})""")
    void begin(String actor, String key, String request, Instant now);

    @Update("""
            UPDATE idempotent_answer SET status = #{status}, content_type = #{contentType}, body = #{body}
            WHERE actor = #{actor} AND idempotency_key = #{key}""")
    void end(String actor, String key, int status, String contentType, String body);

    @Select("""
            SELECT request_sha256, status, content_type, body FROM idempotent_answer
            WHERE actor = #{actor} AND idempotency_key = #{key}""")
    Kept find(String actor, String key);

    @Delete("DELETE FROM idempotent_answer WHERE created_at < #{before}")
    int forget(Instant before);

    /** The first answer. */
    record Kept(String requestSha256, int status, String contentType, String body) {}
}
