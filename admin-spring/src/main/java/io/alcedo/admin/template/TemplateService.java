package io.alcedo.admin.template;

import io.alcedo.admin.account.Actor;
import io.alcedo.admin.api.FieldProblem;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import io.alcedo.admin.audit.Audit;
import io.alcedo.admin.audit.Audit.Subject;
import io.alcedo.admin.rule.RuleEngine;
import io.alcedo.admin.rule.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Templates: files that come with the service, and those that developers add. */
@Service
public class TemplateService {
    private final TemplateMapper added;
    private final RuleEngine engine;
    private final Audit audit;
    private final JsonMapper json;
    private final Clock clock;
    private final List<Template> files;

    TemplateService(TemplateMapper added, RuleEngine engine, Audit audit, JsonMapper json, Clock clock) {
        this.added = added;
        this.engine = engine;
        this.audit = audit;
        this.json = json;
        this.clock = clock;
        this.files = files(json);
    }

    private static List<Template> files(JsonMapper json) {
        try {
            List<Template> templates = new ArrayList<>();
            for (Resource file :
                    new PathMatchingResourcePatternResolver().getResources("classpath:/templates/*.json")) {
                templates.add(json.readValue(file.getContentAsString(StandardCharsets.UTF_8), Template.class));
            }
            return List.copyOf(templates);
        } catch (IOException e) {
            throw new UncheckedIOException("the service's own templates cannot be read", e);
        }
    }

    /** All, by group and id. */
    List<Template> all() {
        List<Template> all = new ArrayList<>(files);
        added.bodies().forEach(body -> all.add(json.readValue(body, Template.class)));
        all.sort(Comparator.comparing(Template::group).thenComparing(Template::id));
        return all;
    }

    Template get(String id) {
        return all().stream()
                .filter(template -> template.id().equals(id))
                .findFirst()
                .orElseThrow(() -> ProblemException.notFound("template", id));
    }

    /** A definition out of a template, and what the engine says about it. Nothing is saved. */
    Filled fill(String id, Map<String, JsonNode> values, String language) {
        Template template = get(id);
        Template.Text name = template.name();
        ObjectNode definition = Filling.fill(template, values, language.equals("zh") ? name.zh() : name.en());
        return new Filled(definition, engine.check("template", definition, clock.instant()));
    }

    @Transactional
    public Template add(Template template, Actor actor) {
        mustBeRight(template);
        if (files.stream().anyMatch(file -> file.id().equals(template.id()))) {
            throw exists(template.id());
        }
        try {
            added.insert(template.id(), json.writeValueAsString(template), actor.name(), clock.instant());
        } catch (DuplicateKeyException e) {
            throw exists(template.id());
        }
        audit.note(actor, "template_added", Subject.TEMPLATE, template.id(), null, Map.of());
        return template;
    }

    @Transactional
    public void remove(String id, Actor actor) {
        if (files.stream().anyMatch(file -> file.id().equals(id))) {
            throw new ProblemException(
                    ProblemCode.STATE_FORBIDS, "Template \"" + id + "\" comes with the service and stays.");
        }
        if (added.delete(id) > 0) {
            audit.note(actor, "template_removed", Subject.TEMPLATE, id, null, Map.of());
        }
    }

    private void mustBeRight(Template template) {
        List<FieldProblem> problems = new ArrayList<>(Filling.problemsOf(template));
        if (problems.isEmpty()) {
            ObjectNode definition =
                    Filling.fill(template, Map.of(), template.name().en());
            for (FieldProblem problem :
                    engine.check(template.id(), definition, clock.instant()).problems()) {
                problems.add(problem.under("/definition"));
            }
        }
        if (!problems.isEmpty()) {
            FieldProblem first = problems.get(0);
            throw new ProblemException(
                    ProblemCode.RULE_REFUSED,
                    "The template is no right rule with its defaults, at " + first.path() + ": " + first.reason(),
                    problems);
        }
    }

    private static ProblemException exists(String id) {
        return new ProblemException(
                ProblemCode.ALREADY_EXISTS, "There is a template \"" + id + "\" already: choose another id.");
    }

    /** A definition with the engine's word on it. */
    record Filled(ObjectNode definition, Verdict verdict) {}
}
