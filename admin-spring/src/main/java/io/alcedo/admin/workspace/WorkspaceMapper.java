package io.alcedo.admin.workspace;

import io.alcedo.admin.api.Slice;
import java.time.Instant;
import java.util.List;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;

/** Rows of {@code workspace}. */
@Mapper
interface WorkspaceMapper {
    @Select("SELECT count(*) FROM workspace")
    long count();

    @Select("SELECT * FROM workspace ORDER BY id LIMIT #{limit} OFFSET #{offset}")
    List<Workspace> list(Slice slice);

    @Select("SELECT * FROM workspace WHERE id = #{id}")
    Workspace find(String id);

    @Insert("""
            INSERT INTO workspace (id, name, approval_required, created_at, version)
            VALUES (#{id}, #{name}, #{approvalRequired}, #{createdAt}, 1)""")
    void insert(String id, String name, boolean approvalRequired, Instant createdAt);

    @Update("""
            UPDATE workspace SET name = #{name}, approval_required = #{approvalRequired}, version = version + 1
            WHERE id = #{id} AND version = #{version}""")
    int update(String id, int version, String name, boolean approvalRequired);
}
