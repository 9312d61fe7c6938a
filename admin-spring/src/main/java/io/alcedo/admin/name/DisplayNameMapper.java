package io.alcedo.admin.name;

import java.util.List;
import org.apache.ibatis.annotations.Delete;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;

/** Rows of {@code display_name}. */
@Mapper
interface DisplayNameMapper {
    @Select("SELECT kind, name, en, zh FROM display_name ORDER BY kind, name LIMIT 5000")
    List<DisplayName> all();

    @Update("UPDATE display_name SET en = #{en}, zh = #{zh} WHERE kind = #{kind} AND name = #{name}")
    int update(DisplayName name);

    @Insert("INSERT INTO display_name (kind, name, en, zh) VALUES (#{kind}, #{name}, #{en}, #{zh})")
    void insert(DisplayName name);

    @Delete("DELETE FROM display_name WHERE kind = #{kind} AND name = #{name}")
    int delete(DisplayName.Kind kind, String name);
}
