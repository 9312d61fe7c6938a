package io.alcedo.admin.name;

import io.alcedo.admin.account.Actor;
import io.alcedo.admin.account.CurrentActor;
import io.alcedo.admin.audit.Audit;
import io.alcedo.admin.audit.Audit.Subject;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Names for screens. */
@RestController
@RequestMapping("/api/display_names")
@Tag(name = "names")
class DisplayNameController {
    private final DisplayNameMapper names;
    private final Audit audit;
    private final TransactionTemplate transaction;

    DisplayNameController(DisplayNameMapper names, Audit audit, TransactionTemplate transaction) {
        this.names = names;
        this.audit = audit;
        this.transaction = transaction;
    }

    @GetMapping
    @Operation(operationId = "listDisplayNames", summary = "How events, properties and tags are called on screens")
    List<DisplayName> list() {
        return names.all();
    }

    @PutMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "putDisplayName", summary = "Name one of them, or name it anew")
    void put(@Valid @RequestBody NewName wanted, @CurrentActor Actor actor) {
        DisplayName name = new DisplayName(wanted.kind, wanted.name, wanted.en, wanted.zh);
        transaction.executeWithoutResult(status -> {
            if (names.update(name) == 0) {
                names.insert(name);
            }
            audit.note(
                    actor,
                    "display_name_put",
                    Subject.DISPLAY_NAME,
                    subject(wanted.kind, wanted.name),
                    null,
                    Map.of("en", wanted.en, "zh", wanted.zh));
        });
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "removeDisplayName", summary = "Take a name away; the log's own is shown again")
    void remove(
            @RequestParam DisplayName.Kind kind,
            @RequestParam @Size(max = 128) String name,
            @CurrentActor Actor actor) {
        transaction.executeWithoutResult(status -> {
            if (names.delete(kind, name) > 0) {
                audit.note(actor, "display_name_removed", Subject.DISPLAY_NAME, subject(kind, name), null, Map.of());
            }
        });
    }

    private static String subject(DisplayName.Kind kind, String name) {
        String subject = kind.text() + " " + name;
        return subject.substring(0, Math.min(128, subject.length()));
    }

    record NewName(
            @NotNull DisplayName.Kind kind,
            @NotBlank @Size(max = 128) String name,
            @NotNull @Size(max = 200) String en,
            @NotNull @Size(max = 200) String zh) {}
}
