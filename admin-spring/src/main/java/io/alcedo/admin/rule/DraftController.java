package io.alcedo.admin.rule;

import io.alcedo.admin.account.Actor;
import io.alcedo.admin.account.CurrentActor;
import io.alcedo.admin.api.Page;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import io.alcedo.admin.api.Slice;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Clock;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One's own drafts: kept as they are typed, before the engine would take them. */
@RestController
@RequestMapping("/api/drafts")
@Tag(name = "rules")
class DraftController {
    private final DraftMapper drafts;
    private final JsonMapper json;
    private final Clock clock;

    DraftController(DraftMapper drafts, JsonMapper json, Clock clock) {
        this.drafts = drafts;
        this.json = json;
        this.clock = clock;
    }

    @GetMapping
    @Operation(operationId = "listDrafts", summary = "One's own drafts, the last changed first")
    Page<Draft> list(@Valid @ParameterObject Slice slice, @CurrentActor Actor actor) {
        return Page.of(drafts.list(actor.name(), slice), drafts.count(actor.name()), slice);
    }

    @GetMapping("/{ruleId}")
    @Operation(operationId = "getDraft", summary = "One's own draft of a rule")
    Draft get(@PathVariable String ruleId, @CurrentActor Actor actor) {
        Draft draft = drafts.find(actor.name(), ruleId);
        if (draft == null) {
            throw ProblemException.notFound("draft of yours for rule", ruleId);
        }
        return draft;
    }

    @PutMapping("/{ruleId}")
    @Transactional
    @Operation(operationId = "putDraft", summary = "Keep a draft; version 0 for one that is not there yet")
    public Draft put(
            @PathVariable @Pattern(regexp = RuleController.ID) String ruleId,
            @Valid @RequestBody DraftChange wanted,
            @CurrentActor Actor actor) {
        String body = json.writeValueAsString(wanted.body);
        if (wanted.version == 0) {
            try {
                drafts.insert(actor.name(), ruleId, wanted.basedOn, body, clock.instant());
            } catch (DuplicateKeyException e) {
                throw conflict(ruleId, actor);
            }
        } else if (drafts.update(actor.name(), ruleId, wanted.version, wanted.basedOn, body, clock.instant()) == 0) {
            throw conflict(ruleId, actor);
        }
        return get(ruleId, actor);
    }

    @DeleteMapping("/{ruleId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "deleteDraft", summary = "Drop one's own draft; doing so again changes nothing")
    void delete(@PathVariable String ruleId, @CurrentActor Actor actor) {
        drafts.delete(actor.name(), ruleId);
    }

    private ProblemException conflict(String ruleId, Actor actor) {
        Draft there = drafts.find(actor.name(), ruleId);
        ProblemException problem = new ProblemException(
                ProblemCode.VERSION_CONFLICT,
                there == null
                        ? "There is no such draft: send version 0."
                        : "The draft was changed in another window: look at it again.");
        return there == null ? problem : problem.with("version", there.version());
    }

    record DraftChange(
            @NotNull @Min(0) Integer version,
            @Min(1) Integer basedOn,
            @NotNull @Schema(types = "object") JsonNode body) {}
}
