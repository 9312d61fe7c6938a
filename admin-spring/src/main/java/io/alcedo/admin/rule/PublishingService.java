package io.alcedo.admin.rule;

import io.alcedo.admin.AdminProperties;
import io.alcedo.admin.account.Actor;
import io.alcedo.admin.api.FieldProblem;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import io.alcedo.admin.audience.AudienceService;
import io.alcedo.admin.audit.Audit;
import io.alcedo.admin.audit.Audit.Subject;
import io.alcedo.admin.publish.Outbox;
import io.alcedo.admin.publish.OutboxRow;
import io.alcedo.admin.publish.Publication;
import io.alcedo.admin.publish.RuleSet;
import io.alcedo.admin.workspace.WorkspaceService;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the engine is told. The highest revision wins there, so everything it is told is a revision of its own with a
 * higher number than all before: a pause and a stop too, and an older revision that goes out again.
 */
@Service
public class PublishingService {
    private final RuleService rules;
    private final RuleEngine engine;
    private final RuleSet set;
    private final Outbox outbox;
    private final AudienceService audiences;
    private final WorkspaceService workspaces;
    private final AdminProperties properties;
    private final Audit audit;
    private final JsonMapper json;
    private final Clock clock;
    private final TransactionTemplate transaction;

    PublishingService(
            RuleService rules,
            RuleEngine engine,
            RuleSet set,
            Outbox outbox,
            AudienceService audiences,
            WorkspaceService workspaces,
            AdminProperties properties,
            Audit audit,
            JsonMapper json,
            Clock clock,
            TransactionTemplate transaction) {
        this.rules = rules;
        this.engine = engine;
        this.set = set;
        this.outbox = outbox;
        this.audiences = audiences;
        this.workspaces = workspaces;
        this.properties = properties;
        this.audit = audit;
        this.json = json;
        this.clock = clock;
        this.transaction = transaction;
    }

    /**
     * Lets a revision run.
     *
     * @param wanted null: the newest content
     * @param anew counts from now: P moves, and measures whose window needs it begin again. Else a rule that runs keeps P
     */
    public Rule publish(String id, int version, Integer wanted, boolean anew, String remark, Actor actor) {
        Rule seen = rules.get(id);
        int content = wanted == null ? seen.headRevision() : wanted;
        Revision revision = rules.revision(id, content);
        JsonNode definition = json.readTree(revision.definition());
        Publication before = outbox.publication(id);
        boolean keepsP = before != null && before.runs() && !anew;
        Instant publishedAt = keepsP ? before.publishedAt() : clock.instant();
        // What was told already cannot be told again under its number.
        boolean again = seen.runningRevision() != null && content <= seen.runningRevision();
        int number = again ? seen.lastRevision() + 1 : content;

        Verdict verdict = engine.check(id, definition, publishedAt);
        Definitions.mustBeRight(verdict);
        ObjectNode document = engine.document(id, number, "live", publishedAt, definition);
        String payload = json.writeValueAsString(document);
        String checked = outbox.mark();
        goesWithTheOthers(id, payload);
        AudienceService.Resolved audience = audiences.of(definition.path("audience"));

        return transaction.execute(status -> {
            // First of all, so that what is read from here on is what the one before left.
            outbox.lock();
            Rule rule = rules.lock(id, version);
            RuleState state = RuleService.after(rule, RuleAction.PUBLISH);
            if (!outbox.mark().equals(checked)) {
                goesWithTheOthers(id, payload);
            }
            // What was computed above holds for the rule as it was read there.
            if (rule.version() != seen.version()) {
                rules.lock(id, seen.version());
            }
            approved(rule, content);
            if (audience != null) {
                audiences.keepFor(id, audience, actor);
            }
            Instant now = clock.instant();
            if (again) {
                rules.append(new Revision(
                        id,
                        number,
                        RevisionKind.PUBLISH,
                        content,
                        revision.definition(),
                        json.writeValueAsString(verdict),
                        remark,
                        actor.name(),
                        now));
            }
            outbox.tell(
                    new OutboxRow(null, id, number, "live", payload, audience == null ? null : audience.id()),
                    publishedAt);
            boolean head = content == rule.headRevision();
            rules.write(new Rule(
                    id,
                    rule.workspaceId(),
                    rule.name(),
                    state,
                    head ? number : rule.headRevision(),
                    Math.max(number, rule.lastRevision()),
                    head ? null : rule.reviewRevision(),
                    head ? null : rule.approvedRevision(),
                    number,
                    rule.createdBy(),
                    rule.createdAt(),
                    actor.name(),
                    now,
                    rule.version()));
            audit.note(actor, "rule_publish", Subject.RULE, id, number, Map.of("published_at", publishedAt.toString()));
            return rules.get(id);
        });
    }

    /** Pauses, resumes or stops what runs. */
    public Rule change(String id, int version, RuleAction action, String remark, Actor actor) {
        return transaction.execute(transactionStatus -> {
            Rule rule = rules.lock(id, version);
            RuleState state = RuleService.after(rule, action);
            OutboxRow running = outbox.told(id, rule.runningRevision());
            Instant publishedAt = outbox.publication(id).publishedAt();
            int number = rule.lastRevision() + 1;
            String status = state.text();
            ObjectNode document = (ObjectNode) json.readTree(running.rule());
            document.put("revision", number).put("status", status);
            Instant now = clock.instant();
            Revision repeated = rules.revision(id, rule.runningRevision());
            rules.append(new Revision(
                    id,
                    number,
                    RevisionKind.valueOf(action.name()),
                    rule.runningRevision(),
                    repeated.definition(),
                    repeated.report(),
                    remark,
                    actor.name(),
                    now));
            String payload = json.writeValueAsString(document);
            outbox.tell(new OutboxRow(null, id, number, status, payload, running.audience()), publishedAt);
            rules.write(new Rule(
                    id,
                    rule.workspaceId(),
                    rule.name(),
                    state,
                    // What was edited since stays what the editor opens.
                    rule.headRevision() == rule.runningRevision() ? number : rule.headRevision(),
                    number,
                    rule.reviewRevision(),
                    rule.approvedRevision(),
                    number,
                    rule.createdBy(),
                    rule.createdAt(),
                    actor.name(),
                    now,
                    rule.version()));
            audit.note(actor, "rule_" + action.text(), Subject.RULE, id, number, Map.of());
            return rules.get(id);
        });
    }

    private void goesWithTheOthers(String id, String payload) {
        List<FieldProblem> problems = set.problemsOf(id, payload);
        if (!problems.isEmpty()) {
            Definitions.mustBeRight(new Verdict(false, problems, List.of(), null));
        }
    }

    /** Where the workspace asks for a second person, only what that person saw goes out. */
    private void approved(Rule rule, int content) {
        boolean asked = properties.approval().everywhere()
                || workspaces.get(rule.workspaceId()).approvalRequired();
        if (asked && (rule.approvedRevision() == null || rule.approvedRevision() != content)) {
            throw new ProblemException(
                    ProblemCode.APPROVAL_NEEDED,
                    "In workspace \"" + rule.workspaceId() + "\" a second person is asked: submit revision "
                            + rule.headRevision() + ", and let an approver approve it.");
        }
    }
}
