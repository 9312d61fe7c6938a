package io.alcedo.admin.template;

import java.time.Instant;
import java.util.List;
import org.apache.ibatis.annotations.Delete;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;

/** Rows of {@code rule_template}. */
@Mapper
interface TemplateMapper {
    @Select("SELECT body FROM rule_template ORDER BY id")
    List<String> bodies();

    @Insert("""
            INSERT INTO rule_template (id, body, created_by, created_at, version)
            VALUES (#{id}, #{body}, #{by}, #{now}, 1)""")
    void insert(String id, String body, String by, Instant now);

    @Delete("DELETE FROM rule_template WHERE id = #{id}")
    int delete(String id);
}
