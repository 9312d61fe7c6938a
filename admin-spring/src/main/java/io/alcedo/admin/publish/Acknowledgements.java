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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What jobs say became of rules, and whether it is what they were told. */
@Service
public class Acknowledgements {
    private static final int TEXT = 64;
    /** So many heartbeats in a row that do not come are silence. */
    private static final int MISSED = 4;

    private static final long DAY = 86_400_000;

    private final AcknowledgementMapper said;
    private final PublicationMapper publications;
    private final RuleSet set;
    private final Audit audit;
    private final JsonMapper json;
    private final Clock clock;
    private final Instant began;

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
        began = clock.instant();
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
            Subtask subtask = new Subtask(job, line.subtask(), subtasks, line.rulesHash(), now, line.everyMs());
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
        List<JobDelivery> jobs = new ArrayList<>();
        List<Acknowledgement> all = said.ofRule(ruleId);
        String expected = null;
        for (Heard job : heard()) {
            expected = expected == null ? set.hash() : expected;
            jobs.add(delivery(job, told, all, expected));
        }
        return new Delivery(told.revision(), told.status(), jobs);
    }

    /**
     * A subtask that judges by exactly what is published runs this rule as it was told, whatever it last said of it: a
     * restored one repeats nothing, and one that was shown a lower revision says that it ignores it.
     */
    private static JobDelivery delivery(Heard job, Publication told, List<Acknowledgement> all, String expected) {
        Map<Integer, Acknowledgement> last = new TreeMap<>();
        all.stream().filter(one -> one.job().equals(job.name())).forEach(one -> last.put(one.subtask(), one));
        int there = 0;
        List<Answer> others = new ArrayList<>();
        for (Subtask subtask : job.present()) {
            Acknowledgement one = last.get(subtask.subtask());
            boolean asTold = one != null
                    && one.revision() == told.revision()
                    && one.state().equals(told.status());
            if (asTold || subtask.rulesHash().equals(expected)) {
                there += job.silent(subtask) ? 0 : 1;
            } else if (one != null) {
                others.add(new Answer(one.subtask(), one.revision(), one.state(), one.problems(), one.updatedAt()));
            }
        }
        return new JobDelivery(job.name(), there, job.subtasks(), job.silent(), job.heardAt(), others);
    }

    /** The jobs that were heard of. */
    List<Job> jobs() {
        List<Heard> heard = heard();
        String expected = heard.isEmpty() ? "" : set.hash();
        return heard.stream().map(job -> job(job, expected)).toList();
    }

    private static Job job(Heard heard, String expected) {
        long inStep = heard.present().stream()
                .filter(one -> !heard.silent(one) && one.rulesHash().equals(expected))
                .count();
        int subtasks = heard.subtasks();
        return new Job(heard.name(), subtasks, (int) inStep, heard.silent(), inStep == subtasks, heard.heardAt());
    }

    private List<Heard> heard() {
        Map<String, List<Subtask>> byJob = new TreeMap<>();
        said.subtasks().forEach(one -> byJob.computeIfAbsent(one.job(), any -> new ArrayList<>())
                .add(one));
        Instant now = clock.instant();
        return byJob.entrySet().stream()
                .map(entry -> heard(entry.getKey(), entry.getValue(), now))
                .toList();
    }

    /** Of a job that runs in fewer subtasks than before, those beyond are gone: the latest word says how many. */
    private Heard heard(String name, List<Subtask> all, Instant now) {
        Subtask latest = all.stream()
                .max(java.util.Comparator.comparing(Subtask::updatedAt))
                .orElseThrow();
        int subtasks = latest.subtasks() > 0
                ? latest.subtasks()
                : all.stream().mapToInt(Subtask::subtask).max().orElse(0) + 1;
        List<Subtask> present =
                all.stream().filter(one -> one.subtask() < subtasks).toList();
        Set<Integer> silent = present.stream()
                .filter(one -> isSilent(one, now))
                .map(Subtask::subtask)
                .collect(Collectors.toSet());
        return new Heard(name, subtasks, present, silent, latest.updatedAt());
    }

    /** While this service was away nobody could be heard: that time does not count. */
    private boolean isSilent(Subtask one, Instant now) {
        if (one.heardEvery() == null) {
            return false;
        }
        Instant from = one.updatedAt().isBefore(began) ? began : one.updatedAt();
        return Duration.between(from, now).toMillis() > MISSED * one.heardEvery();
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
     * How far one job is: live on {@code there} of {@code subtasks}, those alone counted that are heard.
     *
     * @param silent subtasks whose heartbeats do not come any more; all of them: the job is gone, or cannot reach this
     *     service
     * @param heardAt when any of its subtasks last spoke
     * @param others subtasks that say something else than they were told
     */
    public record JobDelivery(String job, int there, int subtasks, int silent, Instant heardAt, List<Answer> others) {
        /** Whether one that can be reached does not run it as told. */
        boolean lacks() {
            return there + silent < subtasks;
        }
    }

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
     * @param subtasksInStep that are heard, and judge by exactly the rules that are published
     * @param silent subtasks whose heartbeats do not come any more
     */
    public record Job(String job, int subtasks, int subtasksInStep, int silent, boolean inStep, Instant heardAt) {
        /** Whether one that can be reached judges by other rules. */
        boolean outOfStep() {
            return subtasksInStep + silent < subtasks;
        }
    }

    /**
     * What was heard of a job.
     *
     * @param present the subtasks that it has now, as far as they spoke
     */
    private record Heard(String name, int subtasks, List<Subtask> present, Set<Integer> silences, Instant heardAt) {
        boolean silent(Subtask one) {
            return silences.contains(one.subtask());
        }

        int silent() {
            return silences.size();
        }
    }

    /** A line of the rule-status output; what a later job adds to it is no error. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Line(
            Integer subtask,
            Integer subtasks,
            String rule,
            Integer revision,
            String state,
            JsonNode problems,
            String rulesHash,
            Long everyMs) {
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
            if (everyMs != null && (everyMs < 1 || everyMs > DAY)) {
                return "`every_ms` must be 1 to " + DAY;
            }
            if (rule != null && rule.length() > TEXT) {
                return "`rule` must be a text of at most " + TEXT + " characters";
            }
            return null;
        }
    }
}
