package io.alcedo.admin.workspace;

import io.alcedo.admin.account.Actor;
import io.alcedo.admin.account.CurrentActor;
import io.alcedo.admin.api.Page;
import io.alcedo.admin.api.Slice;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Workspaces; admins change them. */
@RestController
@RequestMapping("/api/workspaces")
@Tag(name = "workspaces")
class WorkspaceController {
    private final WorkspaceService workspaces;

    WorkspaceController(WorkspaceService workspaces) {
        this.workspaces = workspaces;
    }

    @GetMapping
    @Operation(operationId = "listWorkspaces", summary = "All workspaces, by id")
    Page<Workspace> list(@Valid @ParameterObject Slice slice) {
        return workspaces.list(slice);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(operationId = "createWorkspace", summary = "Make a workspace")
    Workspace create(@Valid @RequestBody NewWorkspace wanted, @CurrentActor Actor actor) {
        return workspaces.create(wanted.id, wanted.name, wanted.approvalRequired, actor);
    }

    @PutMapping("/{id}")
    @Operation(operationId = "changeWorkspace", summary = "Rename a workspace, or ask for a second approver in it")
    Workspace change(@PathVariable String id, @Valid @RequestBody WorkspaceChange wanted, @CurrentActor Actor actor) {
        return workspaces.change(id, wanted.version, wanted.name, wanted.approvalRequired, actor);
    }

    record NewWorkspace(
            @NotNull @Pattern(regexp = "[a-z0-9][a-z0-9._-]{0,63}")
            String id,

            @NotBlank @Size(max = 200) String name,
            @NotNull Boolean approvalRequired) {}

    record WorkspaceChange(
            @NotNull Integer version,
            @NotBlank @Size(max = 200) String name,
            @NotNull Boolean approvalRequired) {}
}
