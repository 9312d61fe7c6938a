package io.alcedo.admin.rule;

import io.alcedo.admin.account.Actor;
import io.alcedo.admin.api.Page;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import io.alcedo.admin.api.Slice;
import io.alcedo.admin.audit.Audit;
import io.alcedo.admin.audit.Audit.Subject;
import io.alcedo.admin.workspace.WorkspaceService;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rules as they are written and reviewed. What the engine is told about them is {@link PublishingService}'s. */
@Service
public class RuleService {
    private final RuleMapper rules;
    private final RevisionMapper revisions;
    private final RuleEngine engine;
    private final WorkspaceService workspaces;
    private final Audit audit;
    private final JsonMapper json;
    private final Clock clock;

    RuleService(
            RuleMapper rules,
            RevisionMapper revisions,
            RuleEngine engine,
            WorkspaceService workspaces,
            Audit audit,
            JsonMapper json,
            Clock clock) {
        this.rules = rules;
        this.revisions = revisions;
        this.engine = engine;
        this.workspaces = workspaces;
        this.audit = audit;
        this.json = json;
        this.clock = clock;
    }

    /** The rule, or a problem that says there is none. */
    public Rule get(String id) {
        Rule rule = rules.find(id);
        if (rule == null) {
            throw ProblemException.notFound("rule", id);
        }
        return rule;
    }

    /** One revision of it. */
    public Revision revision(String id, int number) {
        Revision revision = revisions.find(id, number);
        if (revision == null) {
            get(id);
            throw ProblemException.notFound("revision of rule \"" + id + "\"", number);
        }
        return revision;
    }

    Page<Rule> list(RuleFilter filter, Slice slice) {
        return Page.of(rules.list(filter, slice), rules.count(filter), slice);
    }

    Page<RevisionSummary> revisions(String id, Slice slice) {
        return Page.of(revisions.list(id, slice), get(id).lastRevision(), slice);
    }

    List<Difference> difference(String id, int from, int to) {
        return Difference.of(
                json.readTree(revision(id, from).definition()),
                json.readTree(revision(id, to).definition()));
    }

    /** What the engine says about a definition that is not saved. */
    Verdict check(String id, JsonNode definition) {
        return engine.check(id, definition, clock.instant());
    }

    /** A new rule with its first revision. */
    @Transactional
    public Rule create(String id, String workspace, JsonNode definition, String remark, Actor actor) {
        return create(id, workspace, definition, RevisionKind.EDIT, remark, actor);
    }

    /** A new rule out of another's revision. */
    @Transactional
    public Rule cloneOf(String id, int revision, String newId, String remark, Actor actor) {
        JsonNode definition = json.readTree(revision(id, revision).definition());
        String from = remark.isBlank() ? "from " + id + " revision " + revision : remark;
        return create(newId, get(id).workspaceId(), definition, RevisionKind.CLONE, from, actor);
    }

    private Rule create(
            String id, String workspace, JsonNode definition, RevisionKind kind, String remark, Actor actor) {
        workspaces.get(workspace);
        Instant now = clock.instant();
        Verdict verdict = engine.check(id, definition, now);
        Definitions.mustBeRight(verdict);
        String name = Definitions.name(definition, id);
        try {
            rules.insert(new Rule(
                    id,
                    workspace,
                    name,
                    RuleState.DRAFT,
                    1,
                    1,
                    null,
                    null,
                    null,
                    actor.name(),
                    now,
                    actor.name(),
                    now,
                    1));
        } catch (DuplicateKeyException e) {
            throw new ProblemException(
                    ProblemCode.ALREADY_EXISTS, "There is a rule \"" + id + "\" already: choose another id.");
        }
        revisions.insert(new Revision(id, 1, kind, null, text(definition), text(verdict), remark, actor.name(), now));
        audit.note(actor, "rule_created", Subject.RULE, id, 1, Map.of("kind", kind));
        return get(id);
    }

    /** Another revision. A review that waits is taken back, because it was of another content. */
    @Transactional
    public Rule save(String id, int version, JsonNode definition, Integer basedOn, String remark, Actor actor) {
        return append(id, version, definition, RevisionKind.EDIT, basedOn, remark, actor);
    }

    /** The content of an older revision as the newest one. */
    @Transactional
    public Rule rollBack(String id, int version, int revision, String remark, Actor actor) {
        JsonNode definition = json.readTree(revision(id, revision).definition());
        return append(id, version, definition, RevisionKind.ROLL_BACK, revision, remark, actor);
    }

    private Rule append(
            String id,
            int version,
            JsonNode definition,
            RevisionKind kind,
            Integer basedOn,
            String remark,
            Actor actor) {
        Rule rule = lock(id, version);
        RuleState state = after(rule, RuleAction.EDIT);
        Instant now = clock.instant();
        Verdict verdict = engine.check(id, definition, now);
        Definitions.mustBeRight(verdict);
        int number = rule.lastRevision() + 1;
        Integer base = basedOn == null ? Integer.valueOf(rule.headRevision()) : basedOn;
        revisions.insert(
                new Revision(id, number, kind, base, text(definition), text(verdict), remark, actor.name(), now));
        write(new Rule(
                id,
                rule.workspaceId(),
                Definitions.name(definition, id),
                state,
                number,
                number,
                null,
                null,
                rule.runningRevision(),
                rule.createdBy(),
                rule.createdAt(),
                actor.name(),
                now,
                version));
        audit.note(actor, "rule_saved", Subject.RULE, id, number, Map.of("kind", kind));
        return get(id);
    }

    /** Asks for somebody else's eyes on the newest content. */
    @Transactional
    public Rule submit(String id, int version, String remark, Actor actor) {
        return review(
                id, version, RuleAction.SUBMIT, remark, actor, rule -> withReview(rule, rule.headRevision(), null));
    }

    @Transactional
    public Rule withdraw(String id, int version, String remark, Actor actor) {
        return review(id, version, RuleAction.WITHDRAW, remark, actor, rule -> withReview(open(rule), null, null));
    }

    /** Lets the revision in review be published; never one's own. */
    @Transactional
    public Rule approve(String id, int version, String remark, Actor actor) {
        return review(id, version, RuleAction.APPROVE, remark, actor, rule -> {
            int revision = open(rule).reviewRevision();
            if (revision(id, revision).createdBy().equals(actor.name())) {
                throw new ProblemException(
                        ProblemCode.APPROVAL_NEEDED, "Nobody approves what he wrote himself: ask another approver.");
            }
            return withReview(rule, revision, revision);
        });
    }

    @Transactional
    public Rule reject(String id, int version, String remark, Actor actor) {
        return review(id, version, RuleAction.REJECT, remark, actor, rule -> withReview(open(rule), null, null));
    }

    private Rule review(
            String id, int version, RuleAction action, String remark, Actor actor, UnaryOperator<Rule> change) {
        Rule rule = lock(id, version);
        RuleState state = after(rule, action);
        Integer revision = action == RuleAction.SUBMIT ? Integer.valueOf(rule.headRevision()) : rule.reviewRevision();
        Rule after = change.apply(rule);
        write(touched(after, state, actor));
        audit.note(
                actor,
                "rule_" + action.text(),
                Subject.RULE,
                id,
                revision,
                remark.isBlank() ? Map.of() : Map.of("remark", remark));
        return get(id);
    }

    private static Rule open(Rule rule) {
        if (rule.reviewRevision() == null) {
            throw new ProblemException(
                    ProblemCode.STATE_FORBIDS,
                    "No revision of rule \"" + rule.id() + "\" is in review: submit one first.");
        }
        return rule;
    }

    /** Puts a rule away that does not run, or takes it out again. */
    @Transactional
    public Rule archive(String id, int version, RuleAction action, Actor actor) {
        Rule rule = lock(id, version);
        RuleState state = after(rule, action);
        write(touched(withReview(rule, null, null), state, actor));
        audit.note(actor, "rule_" + action.text(), Subject.RULE, id, null, Map.of());
        return get(id);
    }

    /** The rule, locked until the transaction ends, if it is still the one that was seen. */
    Rule lock(String id, int version) {
        Rule rule = rules.lock(id);
        if (rule == null) {
            throw ProblemException.notFound("rule", id);
        }
        if (rule.version() != version) {
            throw new ProblemException(
                            ProblemCode.VERSION_CONFLICT,
                            "Rule \"" + id + "\" was changed by " + rule.updatedBy() + " at " + rule.updatedAt()
                                    + ": look at it again; you saw version " + version + ", now it is " + rule.version()
                                    + ".")
                    .with("version", rule.version())
                    .with("updated_by", rule.updatedBy())
                    .with("updated_at", rule.updatedAt().toString());
        }
        return rule;
    }

    /** The state after the action, or a problem that says which are allowed. */
    static RuleState after(Rule rule, RuleAction action) {
        return rule.state().after(action).orElseThrow(() -> {
            List<String> allowed = java.util.Arrays.stream(RuleAction.values())
                    .filter(other -> rule.state().after(other).isPresent())
                    .map(RuleAction::text)
                    .toList();
            return new ProblemException(
                            ProblemCode.STATE_FORBIDS,
                            "Rule \"" + rule.id() + "\" is " + rule.state().text() + ": " + action.text()
                                    + " is not possible now, but " + String.join(", ", allowed) + ".")
                    .with("allowed", allowed);
        });
    }

    /** Writes a locked rule. */
    void write(Rule rule) {
        if (rules.update(rule) != 1) {
            throw new IllegalStateException("rule " + rule.id() + " is not locked");
        }
    }

    void append(Revision revision) {
        revisions.insert(revision);
    }

    private static Rule withReview(Rule rule, Integer review, Integer approved) {
        return new Rule(
                rule.id(),
                rule.workspaceId(),
                rule.name(),
                rule.state(),
                rule.headRevision(),
                rule.lastRevision(),
                review,
                approved,
                rule.runningRevision(),
                rule.createdBy(),
                rule.createdAt(),
                rule.updatedBy(),
                rule.updatedAt(),
                rule.version());
    }

    private Rule touched(Rule rule, RuleState state, Actor actor) {
        return new Rule(
                rule.id(),
                rule.workspaceId(),
                rule.name(),
                state,
                rule.headRevision(),
                rule.lastRevision(),
                rule.reviewRevision(),
                rule.approvedRevision(),
                rule.runningRevision(),
                rule.createdBy(),
                rule.createdAt(),
                actor.name(),
                clock.instant(),
                rule.version());
    }

    private String text(Object value) {
        return json.writeValueAsString(value);
    }
}
