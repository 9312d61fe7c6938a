package io.alcedo.admin.rule;

import io.alcedo.admin.account.Actor;
import io.alcedo.admin.account.CurrentActor;
import io.alcedo.admin.api.Page;
import io.alcedo.admin.api.Slice;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Rules and their revisions, as they are read and written. */
@RestController
@RequestMapping("/api/rules")
@Tag(name = "rules")
class RuleController {
    static final String ID = "[a-z0-9._-]{1,64}";

    private final RuleService rules;

    RuleController(RuleService rules) {
        this.rules = rules;
    }

    @GetMapping
    @Operation(operationId = "listRules", summary = "Rules, the last changed first")
    Page<Rule> list(@Valid @ParameterObject RuleFilter filter, @Valid @ParameterObject Slice slice) {
        return rules.list(filter, slice);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(operationId = "createRule", summary = "A new rule; the engine refuses a definition that it cannot run")
    Rule create(@Valid @RequestBody NewRule wanted, @CurrentActor Actor actor) {
        String workspace = wanted.workspace == null ? "default" : wanted.workspace;
        return rules.create(wanted.id, workspace, wanted.definition, text(wanted.remark), actor);
    }

    @PostMapping("/validate")
    @Operation(operationId = "validateRule", summary = "What the engine says about a definition; nothing is saved")
    Verdict validate(@Valid @RequestBody ToValidate wanted) {
        return rules.check(wanted.id == null ? "unnamed" : wanted.id, wanted.definition);
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getRule", summary = "One rule; its content is in its revisions")
    Rule get(@PathVariable String id) {
        return rules.get(id);
    }

    @GetMapping("/{id}/revisions")
    @Operation(operationId = "listRevisions", summary = "Its revisions without their content, the newest first")
    Page<RevisionSummary> revisions(@PathVariable String id, @Valid @ParameterObject Slice slice) {
        return rules.revisions(id, slice);
    }

    @GetMapping("/{id}/revisions/{revision}")
    @Operation(operationId = "getRevision", summary = "One revision with its content and the compile report")
    Revision revision(@PathVariable String id, @PathVariable @Min(1) int revision) {
        return rules.revision(id, revision);
    }

    @PostMapping("/{id}/revisions")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(operationId = "saveRule", summary = "Save another revision; takes back a review that waits")
    Rule save(@PathVariable String id, @Valid @RequestBody NewRevision wanted, @CurrentActor Actor actor) {
        return rules.save(id, wanted.version, wanted.definition, wanted.basedOn, text(wanted.remark), actor);
    }

    @GetMapping("/{id}/diff")
    @Operation(operationId = "diffRevisions", summary = "Where two revisions differ")
    List<Difference> difference(@PathVariable String id, @RequestParam @Min(1) int from, @RequestParam @Min(1) int to) {
        return rules.difference(id, from, to);
    }

    @PostMapping("/{id}/roll_back")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(
            operationId = "rollBackRule",
            summary = "The content of an older revision as the newest one; publish it to let it run")
    Rule rollBack(@PathVariable String id, @Valid @RequestBody RollBack wanted, @CurrentActor Actor actor) {
        return rules.rollBack(id, wanted.version, wanted.revision, text(wanted.remark), actor);
    }

    @PostMapping("/{id}/clone")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(operationId = "cloneRule", summary = "A new rule out of a revision of this one")
    Rule cloneOf(@PathVariable String id, @Valid @RequestBody NewClone wanted, @CurrentActor Actor actor) {
        int revision = wanted.revision == null ? rules.get(id).headRevision() : wanted.revision;
        return rules.cloneOf(id, revision, wanted.newId, text(wanted.remark), actor);
    }

    static String text(String remarkOrNull) {
        return remarkOrNull == null ? "" : remarkOrNull;
    }

    record NewRule(
            @NotNull @Pattern(regexp = ID) String id,

            @Pattern(regexp = ID) @Schema(description = "null: the workspace `default`")
            String workspace,

            @NotNull @Schema(types = "object") JsonNode definition,
            @Size(max = 500) String remark) {}

    record ToValidate(
            @Pattern(regexp = ID) String id,
            @NotNull @Schema(types = "object") JsonNode definition) {}

    record NewRevision(
            @NotNull Integer version,
            @NotNull @Schema(types = "object") JsonNode definition,

            @Min(1) @Schema(description = "null: the newest content")
            Integer basedOn,

            @Size(max = 500) String remark) {}

    record RollBack(
            @NotNull Integer version,
            @NotNull @Min(1) Integer revision,
            @Size(max = 500) String remark) {}

    record NewClone(
            @NotNull @Pattern(regexp = ID) String newId,

            @Min(1) @Max(Integer.MAX_VALUE) @Schema(description = "null: the newest content")
            Integer revision,

            @Size(max = 500) String remark) {}
}
