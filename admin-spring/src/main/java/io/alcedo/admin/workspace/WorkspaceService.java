package io.alcedo.admin.workspace;

import io.alcedo.admin.account.Actor;
import io.alcedo.admin.api.Page;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import io.alcedo.admin.api.Slice;
import io.alcedo.admin.audit.Audit;
import io.alcedo.admin.audit.Audit.Subject;
import java.time.Clock;
import java.util.Map;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Workspaces: made and changed, never deleted, because rules lie in them. */
@Service
public class WorkspaceService {
    private final WorkspaceMapper workspaces;
    private final Audit audit;
    private final Clock clock;

    WorkspaceService(WorkspaceMapper workspaces, Audit audit, Clock clock) {
        this.workspaces = workspaces;
        this.audit = audit;
        this.clock = clock;
    }

    /** One that is there. */
    public Workspace get(String id) {
        Workspace workspace = workspaces.find(id);
        if (workspace == null) {
            throw ProblemException.notFound("workspace", id);
        }
        return workspace;
    }

    Page<Workspace> list(Slice slice) {
        return Page.of(workspaces.list(slice), workspaces.count(), slice);
    }

    @Transactional
    public Workspace create(String id, String name, boolean approvalRequired, Actor actor) {
        try {
            workspaces.insert(id, name, approvalRequired, clock.instant());
        } catch (DuplicateKeyException e) {
            throw new ProblemException(
                    ProblemCode.ALREADY_EXISTS, "There is a workspace \"" + id + "\" already: choose another id.");
        }
        audit.note(
                actor, "workspace_created", Subject.WORKSPACE, id, null, Map.of("approval_required", approvalRequired));
        return get(id);
    }

    @Transactional
    public Workspace change(String id, int version, String name, boolean approvalRequired, Actor actor) {
        Workspace before = get(id);
        if (workspaces.update(id, version, name, approvalRequired) == 0) {
            throw new ProblemException(
                            ProblemCode.VERSION_CONFLICT,
                            "Workspace \"" + id + "\" was changed meanwhile: look at it again.")
                    .with("version", before.version());
        }
        audit.note(
                actor, "workspace_changed", Subject.WORKSPACE, id, null, Map.of("approval_required", approvalRequired));
        return get(id);
    }
}
