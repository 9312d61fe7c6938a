package io.alcedo.admin.template;

import io.alcedo.admin.account.Actor;
import io.alcedo.admin.account.CurrentActor;
import io.alcedo.admin.api.Page;
import io.alcedo.admin.api.Slice;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Map;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Templates. */
@RestController
@RequestMapping("/api/templates")
@Tag(name = "templates")
class TemplateController {
    private final TemplateService templates;

    TemplateController(TemplateService templates) {
        this.templates = templates;
    }

    @GetMapping
    @Operation(operationId = "listTemplates", summary = "Templates, by group and id")
    Page<Template> list(@Valid @ParameterObject Slice slice) {
        List<Template> all = templates.all();
        List<Template> part =
                all.stream().skip(slice.offset()).limit(slice.limit()).toList();
        return Page.of(part, all.size(), slice);
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getTemplate", summary = "One template")
    Template get(@PathVariable String id) {
        return templates.get(id);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(
            operationId = "addTemplate",
            summary = "Add a template; with its defaults it must be a rule the engine takes")
    Template add(@Valid @RequestBody Template wanted, @CurrentActor Actor actor) {
        return templates.add(wanted, actor);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "removeTemplate", summary = "Remove one that was added; doing so again changes nothing")
    void remove(@PathVariable String id, @CurrentActor Actor actor) {
        templates.remove(id, actor);
    }

    @PostMapping("/{id}/fill")
    @Operation(operationId = "fillTemplate", summary = "A rule's definition out of a template; nothing is saved")
    TemplateService.Filled fill(@PathVariable String id, @Valid @RequestBody Values wanted) {
        return templates.fill(id, wanted.values, wanted.language == null ? "en" : wanted.language);
    }

    record Values(
            @NotNull @Schema(description = "by the names of holes; what is missing is the default")
            Map<String, JsonNode> values,

            @Pattern(regexp = "en|zh") @Schema(description = "of the rule's name; null: en")
            String language) {}
}
