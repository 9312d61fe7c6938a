package io.alcedo.admin.account;

import io.alcedo.admin.api.Slice;
import java.time.Instant;
import java.util.List;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;

/** Rows of {@code api_token}. */
@Mapper
interface TokenMapper {
    String COLUMNS = "id, name, role, created_by, created_at, expires_at, revoked_at";

    @Select("SELECT count(*) FROM api_token")
    long count();

    @Select("SELECT " + COLUMNS + " FROM api_token ORDER BY id LIMIT #{limit} OFFSET #{offset}")
    List<Token> list(Slice slice);

    @Select("SELECT " + COLUMNS + " FROM api_token WHERE id = #{id}")
    Token find(long id);

    @Select("SELECT " + COLUMNS + " FROM api_token WHERE secret_sha256 = #{secretSha256}")
    Token bySecret(String secretSha256);

    @Insert("""
            INSERT INTO api_token (name, role, secret_sha256, created_by, created_at, expires_at)
            VALUES (#{name}, #{role}, #{secretSha256}, #{createdBy}, #{createdAt}, #{expiresAt})""")
    void insert(String name, Role role, String secretSha256, String createdBy, Instant createdAt, Instant expiresAt);

    @Update("UPDATE api_token SET revoked_at = #{now} WHERE id = #{id} AND revoked_at IS NULL")
    int revoke(long id, Instant now);
}
