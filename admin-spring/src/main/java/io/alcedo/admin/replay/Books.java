package io.alcedo.admin.replay;

import io.alcedo.admin.api.FieldProblem;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import io.alcedo.admin.audience.AudienceService;
import io.alcedo.natives.RuleBook;
import io.alcedo.natives.RuleUpdate;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rules as a job would run them, with the members of their audiences. */
@Component
public class Books {
    private final AudienceService audiences;
    private final JsonMapper json;

    Books(AudienceService audiences, JsonMapper json) {
        this.audiences = audiences;
        this.json = json;
    }

    /** A book that runs all of them, or a problem that says why it does not; whoever asked closes it. */
    public RuleBook open(List<? extends JsonNode> documents) {
        RuleBook book = RuleBook.open(null);
        try {
            RuleUpdate update = new RuleUpdate(true, RuleUpdate.AT_START);
            documents.forEach(document -> update.document("replay", json.writeValueAsString(document)));
            refuse(book.apply(update));
            List<String> needed = book.audiences();
            if (!needed.isEmpty()) {
                for (String id : needed) {
                    book.audience(id, members(id, documents));
                }
                refuse(book.apply(new RuleUpdate(false, RuleUpdate.AT_START)));
            }
            return book;
        } catch (RuntimeException | Error e) {
            book.close();
            throw e;
        }
    }

    /** A rule that is published runs with what jobs have; any other with whom its profile selects now. */
    private byte[] members(String id, List<? extends JsonNode> documents) {
        byte[] kept = audiences.present(id);
        if (kept != null) {
            return kept;
        }
        for (JsonNode document : documents) {
            byte[] found = audiences.resolveFor(id, document.path("audience"));
            if (found != null) {
                return found;
            }
        }
        throw new ProblemException(
                ProblemCode.STATE_FORBIDS,
                "Audience \"" + id + "\" has no members yet: upload them, or give it a profile.");
    }

    private void refuse(String statuses) {
        List<FieldProblem> problems = new ArrayList<>();
        for (JsonNode status : json.readTree(statuses)) {
            if ("refused".equals(status.path("state").asString(""))) {
                status.path("problems").forEach(problem -> problems.add(json.treeToValue(problem, FieldProblem.class)));
            }
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.RULE_REFUSED,
                    problems.get(0).path() + ": " + problems.get(0).reason(),
                    problems);
        }
    }
}
