package io.alcedo.admin.publish;

import io.alcedo.admin.api.FieldProblem;
import io.alcedo.natives.Audience;
import io.alcedo.natives.RuleBook;
import io.alcedo.natives.RuleUpdate;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a job makes of a complete set of rules, found out by doing the same with the same code. */
@Component
public class RuleSet {
    private final JsonMapper json;
    private final PublicationMapper publications;
    private final OutboxMapper outbox;
    private Hashed last = new Hashed("", "");

    RuleSet(JsonMapper json, PublicationMapper publications, OutboxMapper outbox) {
        this.json = json;
        this.publications = publications;
        this.outbox = outbox;
    }

    /** What a job would say of this rule among all that are published: problems, or none. */
    public List<FieldProblem> problemsOf(String ruleId, String document) {
        List<String> documents = new ArrayList<>();
        for (OutboxRow row : publications.completeSet()) {
            if (!row.ruleId().equals(ruleId)) {
                documents.add(row.rule());
            }
        }
        // The last one: of two that do not go together the later is refused.
        documents.add(document);
        try (RuleBook book = RuleBook.open(null)) {
            JsonNode statuses = merge(book, documents);
            List<FieldProblem> problems = new ArrayList<>();
            for (JsonNode status : statuses) {
                if (status.path("rule").asString("").equals(ruleId)
                        && "refused".equals(status.path("state").asString(""))) {
                    status.path("problems")
                            .forEach(problem -> problems.add(json.treeToValue(problem, FieldProblem.class)));
                }
            }
            return problems;
        }
    }

    /** Names what a job judges by that runs the complete set; compiled again only when a row came. */
    synchronized String hash() {
        String mark = outbox.mark();
        if (!last.mark().equals(mark)) {
            last = new Hashed(mark, compiled());
        }
        return last.hash();
    }

    private String compiled() {
        List<String> documents =
                publications.completeSet().stream().map(OutboxRow::rule).toList();
        try (RuleBook book = RuleBook.open(null)) {
            merge(book, documents);
            return book.hash();
        }
    }

    /**
     * A hash of the engine's.
     *
     * @param mark of the outbox before the set was read: a row that came meanwhile makes another one
     */
    private record Hashed(String mark, String hash) {}

    /** Members do not matter here: which rules run together does. */
    private JsonNode merge(RuleBook book, List<String> documents) {
        RuleUpdate update = new RuleUpdate(true, RuleUpdate.AT_START);
        documents.forEach(document -> update.document("published", document));
        JsonNode first = json.readTree(book.apply(update));
        List<String> audiences = book.audiences();
        if (audiences.isEmpty()) {
            return first;
        }
        for (String id : audiences) {
            book.audience(id, Audience.ofUsers(id, List.of()).members());
        }
        return json.readTree(book.apply(new RuleUpdate(false, RuleUpdate.AT_START)));
    }
}
