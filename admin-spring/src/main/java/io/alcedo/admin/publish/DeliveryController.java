package io.alcedo.admin.publish;

import io.alcedo.admin.account.Actor;
import io.alcedo.admin.account.CurrentActor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What jobs say, and what the console shows of it. */
@RestController
@Tag(name = "delivery")
class DeliveryController {
    private final Acknowledgements acknowledgements;

    DeliveryController(Acknowledgements acknowledgements) {
        this.acknowledgements = acknowledgements;
    }

    @PostMapping(path = "/engine/acknowledgements", consumes = "application/x-ndjson")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "acknowledge",
            summary = "Lines of a job's rule-status output; the same again changes nothing")
    void acknowledge(
            @RequestParam(defaultValue = "default") @Pattern(regexp = "[A-Za-z0-9._-]{1,64}") String job,
            @RequestBody String lines) {
        acknowledgements.take(job, lines);
    }

    @GetMapping("/api/rules/{id}/delivery")
    @Operation(
            operationId = "getDelivery",
            summary = "On how many subtasks of which jobs a rule runs as it was published")
    Acknowledgements.Delivery delivery(@PathVariable String id) {
        return acknowledgements.of(id);
    }

    @GetMapping("/api/jobs")
    @Operation(
            operationId = "listJobs",
            summary = "Jobs that were heard of, and whether they judge by what is published")
    List<Acknowledgements.Job> jobs() {
        return acknowledgements.jobs();
    }

    @DeleteMapping("/api/jobs/{job}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "forgetJob", summary = "Forget a job that is gone; one that speaks again is there again")
    void forget(@PathVariable String job, @CurrentActor Actor actor) {
        acknowledgements.forget(job, actor);
    }
}
