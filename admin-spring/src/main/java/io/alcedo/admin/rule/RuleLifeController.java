package io.alcedo.admin.rule;

import io.alcedo.admin.account.Actor;
import io.alcedo.admin.account.CurrentActor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What a rule goes through: review, publication, pause, stop. */
@RestController
@RequestMapping("/api/rules/{id}")
@Tag(name = "rules")
class RuleLifeController {
    private final RuleService rules;
    private final PublishingService publishing;

    RuleLifeController(RuleService rules, PublishingService publishing) {
        this.rules = rules;
        this.publishing = publishing;
    }

    @PostMapping("/submit")
    @Operation(operationId = "submitRule", summary = "Ask for somebody else's eyes on the newest content")
    Rule submit(@PathVariable String id, @Valid @RequestBody Step step, @CurrentActor Actor actor) {
        return rules.submit(id, step.version, step.text(), actor);
    }

    @PostMapping("/withdraw")
    @Operation(operationId = "withdrawRule", summary = "Take the revision out of review")
    Rule withdraw(@PathVariable String id, @Valid @RequestBody Step step, @CurrentActor Actor actor) {
        return rules.withdraw(id, step.version, step.text(), actor);
    }

    @PostMapping("/approve")
    @Operation(operationId = "approveRule", summary = "Let the revision in review be published; not one's own")
    Rule approve(@PathVariable String id, @Valid @RequestBody Step step, @CurrentActor Actor actor) {
        return rules.approve(id, step.version, step.text(), actor);
    }

    @PostMapping("/reject")
    @Operation(operationId = "rejectRule", summary = "Send the revision in review back to its author")
    Rule reject(@PathVariable String id, @Valid @RequestBody Step step, @CurrentActor Actor actor) {
        return rules.reject(id, step.version, step.text(), actor);
    }

    @PostMapping("/publish")
    @Operation(operationId = "publishRule", summary = "Let a revision run")
    Rule publish(@PathVariable String id, @Valid @RequestBody Publish step, @CurrentActor Actor actor) {
        boolean anew = Boolean.TRUE.equals(step.countAnew);
        return publishing.publish(id, step.version, step.revision, anew, RuleController.text(step.remark), actor);
    }

    @PostMapping("/pause")
    @Operation(operationId = "pauseRule", summary = "It measures on and does not fire")
    Rule pause(@PathVariable String id, @Valid @RequestBody Step step, @CurrentActor Actor actor) {
        return publishing.change(id, step.version, RuleAction.PAUSE, step.text(), actor);
    }

    @PostMapping("/resume")
    @Operation(operationId = "resumeRule", summary = "It fires again")
    Rule resume(@PathVariable String id, @Valid @RequestBody Step step, @CurrentActor Actor actor) {
        return publishing.change(id, step.version, RuleAction.RESUME, step.text(), actor);
    }

    @PostMapping("/stop")
    @Operation(operationId = "stopRule", summary = "It runs no longer; what it counted is dropped")
    Rule stop(@PathVariable String id, @Valid @RequestBody Step step, @CurrentActor Actor actor) {
        return publishing.change(id, step.version, RuleAction.STOP, step.text(), actor);
    }

    @PostMapping("/archive")
    @Operation(operationId = "archiveRule", summary = "Put a rule away that does not run")
    Rule archive(@PathVariable String id, @Valid @RequestBody Step step, @CurrentActor Actor actor) {
        return rules.archive(id, step.version, RuleAction.ARCHIVE, actor);
    }

    @PostMapping("/restore")
    @Operation(operationId = "restoreRule", summary = "Take a rule out of the archive, as a draft")
    Rule restore(@PathVariable String id, @Valid @RequestBody Step step, @CurrentActor Actor actor) {
        return rules.archive(id, step.version, RuleAction.RESTORE, actor);
    }

    record Step(
            @NotNull @Schema(description = "of the rule, as it was seen")
            Integer version,

            @Size(max = 500) String remark) {
        String text() {
            return RuleController.text(remark);
        }
    }

    record Publish(
            @NotNull @Schema(description = "of the rule, as it was seen")
            Integer version,

            @Min(1) @Schema(description = "null: the newest content")
            Integer revision,

            @Schema(description = "true: windows that need the moment of publication begin again")
            Boolean countAnew,

            @Size(max = 500) String remark) {}
}
