package io.alcedo.admin.audit;

import io.alcedo.admin.api.Slice;
import java.time.Instant;
import java.util.List;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;

/** Rows of {@code audit_entry}: added and read. Nothing here changes or deletes one. */
@Mapper
interface AuditMapper {
    String FILTER = """
            <where>
              <if test="subject != null">AND subject = #{subject}</if>
              <if test="subjectId != null">AND subject_id = #{subjectId}</if>
              <if test="actor != null">AND actor = #{actor}</if>
            </where>""";

    @Insert("""
            INSERT INTO audit_entry (created_at, actor, action, subject, subject_id, revision, detail)
            VALUES (#{createdAt}, #{actor}, #{action}, #{subject}, #{subjectId}, #{revision}, #{detail})""")
    void insert(
            Instant createdAt,
            String actor,
            String action,
            Audit.Subject subject,
            String subjectId,
            Integer revision,
            String detail);

    @Select("<script>SELECT * FROM audit_entry " + FILTER
            + " ORDER BY id DESC LIMIT #{slice.limit} OFFSET #{slice.offset}</script>")
    List<AuditEntry> list(Audit.Subject subject, String subjectId, String actor, Slice slice);

    @Select("<script>SELECT count(*) FROM audit_entry " + FILTER + "</script>")
    long count(Audit.Subject subject, String subjectId, String actor);
}
