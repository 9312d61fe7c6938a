package io.alcedo.admin.backtest;

import io.alcedo.admin.api.Slice;
import java.util.List;
import org.apache.ibatis.annotations.Delete;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;

/** Rows of {@code data_set}. */
@Mapper
interface DataSetMapper {
    @Select("SELECT * FROM data_set ORDER BY id DESC LIMIT #{limit} OFFSET #{offset}")
    List<DataSet> list(Slice slice);

    @Select("SELECT count(*) FROM data_set")
    long count();

    @Select("SELECT * FROM data_set WHERE id = #{id}")
    DataSet find(long id);

    @Select("SELECT coalesce(max(id), 0) FROM data_set WHERE created_by = #{by}")
    long lastOf(String by);

    @Insert("""
            INSERT INTO data_set (name, bytes, events, users, bad, began_at, ended_at, created_by, created_at)
            VALUES (#{name}, #{bytes}, #{events}, #{users}, #{bad}, #{beganAt}, #{endedAt}, #{createdBy},
                #{createdAt})""")
    void insert(DataSet set);

    @Delete("DELETE FROM data_set WHERE id = #{id}")
    int delete(long id);
}
