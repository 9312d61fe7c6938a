package io.alcedo.admin.publish;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.alcedo.admin.account.Actor;
import io.alcedo.admin.api.FieldProblem;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import io.alcedo.admin.audit.Audit;
import io.alcedo.admin.audit.Audit.Subject;
import io.alcedo.admin.publish.AcknowledgementMapper.Acknowledgement;
import io.alcedo.admin.publish.AcknowledgementMapper.Subtask;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What jobs say became of rules, and whether it is what they were told. */
@Service
public class Acknowledgements {
    private static final int TEXT = 64;

    private final AcknowledgementMapper said;
    private final PublicationMapper publications;
    private final RuleSet set;
    private final Audit audit;
    private final JsonMapper json;
    private final Clock clock;

    Acknowledgements(
            AcknowledgementMapper said,
            PublicationMapper publications,
            RuleSet set,
            Audit audit,
            JsonMapper json,
            Clock clock) {
        this.audit = audit;
        this.said = said;
        this.publications = publications;
        this.set = set;
        this.json = json;
        this.clock = clock;
    }

    /** Lines of a job's rule-status output. All are taken, or none; the same ones again change nothing. */
    @Transactional
    public int take(String job, String lines) {
        List<Line> read = new ArrayList<>();
        int number = 0;
        for (String line : lines.split("\\R")) {
            number++;
            if (!line.isBlank()) {
                read.add(read(line, number));
            }
        }
        Instant now = clock.instant();
        for (Line line : read) {
            if (line.rule() != null && line.revision() != null) {
                String problems =
                        line.problems() == null ? "[]" : line.problems().toString();
                Acknowledgement one = new Acknowledgement(
                        job, line.subtask(), line.rule(), line.revision(), line.state(), problems, now);
                if (said.update(one) == 0) {
                    said.insert(one);
                }
            }
            int subtasks = line.subtasks() == null ? 0 : line.subtasks();
            Subtask subtask = new Subtask(job, line.subtask(), subtasks, line.rulesHash(), now);
            if (said.updateSubtask(subtask) == 0) {
                said.insertSubtask(subtask);
            }
        }
        return read.size();
    }

    private Line read(String text, int number) {
        String why;
        try {
            Line line = json.readValue(text, Line.class);
            why = line == null ? "it is null" : line.wrong();
            if (why == null) {
                return line;
            }
        } catch (JacksonException e) {
            why = e.getOriginalMessage().split("\\R", 2)[0];
        }
        throw new ProblemException(
                ProblemCode.DATA_REFUSED,
                "Line " + number + ": " + why + ". Send the lines of a job's rule-status output.",
                List.of(new FieldProblem("line " + number, why)));
    }

    /** Where a rule runs, as jobs say. */
    Delivery of(String ruleId) {
        Publication told = publications.find(ruleId);
        if (told == null) {
            return new Delivery(null, null, List.of());
        }
        Map<String, List<Acknowledgement>> byJob = new TreeMap<>();
        said.ofRule(ruleId).forEach(one -> byJob.computeIfAbsent(one.job(), any -> new ArrayList<>())
                .add(one));
        List<JobDelivery> jobs = new ArrayList<>();
        jobs().forEach(job -> {
            List<Acknowledgement> all = byJob.getOrDefault(job.job(), List.of()).stream()
                    .filter(one -> one.subtask() < job.subtasks())
                    .toList();
            long there = all.stream()
                    .filter(one ->
                            one.revision() == told.revision() && one.state().equals(told.status()))
                    .count();
            List<Answer> others = all.stream()
                    .filter(one ->
                            one.revision() != told.revision() || !one.state().equals(told.status()))
                    .map(one -> new Answer(one.subtask(), one.revision(), one.state(), one.problems(), one.updatedAt()))
                    .toList();
            jobs.add(new JobDelivery(job.job(), (int) there, job.subtasks(), others));
        });
        return new Delivery(told.revision(), told.status(), jobs);
    }

    /** The jobs that were heard of. */
    List<Job> jobs() {
        Map<String, List<Subtask>> byJob = new TreeMap<>();
        said.subtasks().forEach(one -> byJob.computeIfAbsent(one.job(), any -> new ArrayList<>())
                .add(one));
        String expected = byJob.isEmpty() ? "" : set.hash();
        return byJob.entrySet().stream()
                .map(entry -> job(entry.getKey(), entry.getValue(), expected))
                .toList();
    }

    /** Of a job that runs in fewer subtasks than before, those beyond are gone: the latest word says how many. */
    private static Job job(String name, List<Subtask> heard, String expected) {
        Subtask latest = heard.stream()
                .max(java.util.Comparator.comparing(Subtask::updatedAt))
                .orElseThrow();
        int subtasks = latest.subtasks() > 0
                ? latest.subtasks()
                : heard.stream().mapToInt(Subtask::subtask).max().orElse(0) + 1;
        long inStep = heard.stream()
                .filter(one -> one.subtask() < subtasks && one.rulesHash().equals(expected))
                .count();
        return new Job(name, subtasks, (int) inStep, inStep == subtasks, latest.updatedAt());
    }

    @Transactional
    public void forget(String job, Actor actor) {
        if (said.forget(job) + said.forgetSubtasks(job) > 0) {
            audit.note(actor, "job_forgotten", Subject.JOB, job, null, Map.of());
        }
    }

    /**
     * Where a rule runs.
     *
     * @param revision what the engine was last told; null: nothing
     */
    @Schema(requiredProperties = {"jobs"})
    public record Delivery(Integer revision, String status, List<JobDelivery> jobs) {}

    /**
     * How far one job is: live on {@code there} of {@code subtasks}.
     *
     * @param others subtasks that say something else than they were told
     */
    public record JobDelivery(String job, int there, int subtasks, List<Answer> others) {}

    /** What one subtask says. */
    public record Answer(
            int subtask,
            int revision,
            String state,

            @JsonRawValue @Schema(type = "array", implementation = FieldProblem[].class)
            String problems,

            Instant updatedAt) {}

    /**
     * A job that was heard of.
     *
     * @param subtasksInStep that judge by exactly the rules that are published
     */
    public record Job(String job, int subtasks, int subtasksInStep, boolean inStep, Instant heardAt) {}

    /** A line of the rule-status output; what a later job adds to it is no error. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Line(
            Integer subtask,
            Integer subtasks,
            String rule,
            Integer revision,
            String state,
            JsonNode problems,
            String rulesHash) {
        String wrong() {
            if (subtask == null || subtask < 0 || subtask > 32_767) {
                return "`subtask` must be 0 to 32767";
            }
            if (subtasks != null && (subtasks <= subtask || subtasks > 32_768)) {
                return "`subtasks` must be above `subtask`, and at most 32768";
            }
            if (state == null || state.length() > 16) {
                return "`state` must be a text of at most 16 characters";
            }
            if (rulesHash == null || rulesHash.length() > TEXT) {
                return "`rules_hash` must be a text of at most " + TEXT + " characters";
            }
            if (rule != null && rule.length() > TEXT) {
                return "`rule` must be a text of at most " + TEXT + " characters";
            }
            return null;
        }
    }
}
