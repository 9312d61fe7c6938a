package io.alcedo.admin.publish;

import java.time.Instant;
import java.util.List;
import org.apache.ibatis.annotations.Delete;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;

/** Rows of {@code acknowledgement} and {@code job_subtask}. */
@Mapper
interface AcknowledgementMapper {
    @Update("""
            UPDATE acknowledgement SET revision = #{revision}, state = #{state}, problems = #{problems},
                updated_at = #{updatedAt}
            WHERE job = #{job} AND subtask = #{subtask} AND rule_id = #{ruleId}""")
    int update(Acknowledgement said);

    @Insert("""
            INSERT INTO acknowledgement (job, subtask, rule_id, revision, state, problems, updated_at)
            VALUES (#{job}, #{subtask}, #{ruleId}, #{revision}, #{state}, #{problems}, #{updatedAt})""")
    void insert(Acknowledgement said);

    @Select("SELECT * FROM acknowledgement WHERE rule_id = #{ruleId} ORDER BY job, subtask")
    List<Acknowledgement> ofRule(String ruleId);

    @Update("""
            UPDATE job_subtask SET subtasks = #{subtasks}, rules_hash = #{rulesHash}, updated_at = #{updatedAt},
                heard_every = coalesce(#{heardEvery}, heard_every)
            WHERE job = #{job} AND subtask = #{subtask}""")
    int updateSubtask(Subtask subtask);

    @Insert("""
            INSERT INTO job_subtask (job, subtask, subtasks, rules_hash, updated_at, heard_every)
            VALUES (#{job}, #{subtask}, #{subtasks}, #{rulesHash}, #{updatedAt}, #{heardEvery})""")
    void insertSubtask(Subtask subtask);

    @Select("SELECT * FROM job_subtask ORDER BY job, subtask")
    List<Subtask> subtasks();

    @Delete("DELETE FROM job_subtask WHERE job = #{job}")
    int forgetSubtasks(String job);

    @Delete("DELETE FROM acknowledgement WHERE job = #{job}")
    int forget(String job);

    /** What one subtask last said about one rule. */
    record Acknowledgement(
            String job, int subtask, String ruleId, int revision, String state, String problems, Instant updatedAt) {}

    /**
     * One subtask of a job, and what it judges by.
     *
     * @param heardEvery ms between its heartbeats; null: it sends none
     */
    record Subtask(String job, int subtask, int subtasks, String rulesHash, Instant updatedAt, Long heardEvery) {}
}
