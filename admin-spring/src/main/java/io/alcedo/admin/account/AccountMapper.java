package io.alcedo.admin.account;

import io.alcedo.admin.api.Slice;
import java.time.Instant;
import java.util.List;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;

/** Rows of {@code account}. */
@Mapper
interface AccountMapper {
    @Select("SELECT count(*) FROM account")
    long count();

    @Select("SELECT * FROM account ORDER BY name LIMIT #{limit} OFFSET #{offset}")
    List<Account> list(Slice slice);

    @Select("SELECT * FROM account WHERE id = #{id}")
    Account find(long id);

    @Select("SELECT * FROM account WHERE name = #{name}")
    Account named(String name);

    /** Locks those who may let others in, so that two requests cannot take each other's right at once. */
    @Select("SELECT id FROM account WHERE role = 'ADMIN' AND enabled = TRUE FOR UPDATE")
    List<Long> lockAdmins();

    @Insert("""
            INSERT INTO account (name, display_name, role, password_hash, enabled, created_at, version)
            VALUES (#{name}, #{displayName}, #{role}, #{passwordHash}, TRUE, #{createdAt}, 1)""")
    void insert(String name, String displayName, Role role, String passwordHash, Instant createdAt);

    @Update("""
            UPDATE account SET display_name = #{displayName}, role = #{role}, enabled = #{enabled}, version = version + 1
            WHERE id = #{id} AND version = #{version}""")
    int update(long id, int version, String displayName, Role role, boolean enabled);

    @Update("UPDATE account SET password_hash = #{passwordHash}, version = version + 1 WHERE id = #{id}")
    int password(long id, String passwordHash);
}
