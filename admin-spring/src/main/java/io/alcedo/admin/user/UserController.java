package io.alcedo.admin.user;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.alcedo.admin.intake.Later;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import tools.jackson.databind.json.JsonMapper;

/** One user: what he did, and why a rule fires for him or does not. An id may hold anything, so it is a parameter. */
@RestController
@Tag(name = "users")
class UserController {
    private static final int FOUND = 20;

    private final EventStore events;
    private final EventIntake intake;
    private final Explanations explanations;
    private final EventWords words;
    private final JsonMapper json;

    UserController(
            EventStore events, EventIntake intake, Explanations explanations, EventWords words, JsonMapper json) {
        this.events = events;
        this.intake = intake;
        this.explanations = explanations;
        this.words = words;
        this.json = json;
    }

    @PostMapping(path = "/engine/events", consumes = "application/x-ndjson")
    @Operation(
            operationId = "bringEvents",
            summary = "Events, one a line, for time lines and explanations; the same again changes nothing")
    @RequestBody(
            required = true,
            content = @Content(mediaType = "application/x-ndjson", schema = @Schema(type = "string")))
    DeferredResult<EventIntake.Taken> bring(InputStream lines) throws IOException {
        return Later.of(intake.take(lines));
    }

    @GetMapping("/api/users")
    @Operation(operationId = "findUsers", summary = "Up to 20 users that did something of late and whose id begins so")
    List<String> find(@RequestParam(defaultValue = "") @Size(max = 128) String beginning) {
        return events.usersLike(beginning, FOUND);
    }

    @GetMapping("/api/user_events")
    @Operation(
            operationId = "listUserEvents",
            summary = "What a user did, the oldest first; the latest if there are more")
    List<Done> timeLine(
            @RequestParam @NotBlank @Size(max = 128) String user,
            @RequestParam(required = false) Instant from,
            @RequestParam(required = false) Instant to,
            @RequestParam(defaultValue = "500") @Min(1) @Max(5_000) int limit) {
        Instant begin = from == null ? Instant.EPOCH : from;
        Instant end = to == null ? Instant.ofEpochMilli(Long.MAX_VALUE) : to;
        return events.ofUser(user, begin, end, limit).stream()
                .map(event -> new Done(event.happenedAt(), words.typeOf(json.readTree(event.event())), event.event()))
                .toList();
    }

    @GetMapping("/api/explanation")
    @Operation(
            operationId = "explainUser",
            summary = "Why a rule fires for a user at a moment, or does not: all reasons, and what is missing")
    Explanations.Explained explain(
            @RequestParam @NotBlank @Size(max = 128) String user,
            @RequestParam @NotBlank @Size(max = 64) String rule,
            @RequestParam(required = false) @Min(1) Integer revision,
            @RequestParam(required = false) Instant at) {
        return explanations.explain(user, rule, revision, at);
    }

    @GetMapping("/api/events/extent")
    @Operation(operationId = "getEventExtent", summary = "How many events are kept, and of when")
    EventStore.Extent extent() {
        return events.extent();
    }

    /**
     * Something a user did.
     *
     * @param type of the event; null: it has none, which a mapping of today may say of an event of yesterday
     * @param event as it came
     */
    @Schema(requiredProperties = {"happened_at", "event"})
    record Done(
            Instant happenedAt,
            String type,
            @JsonRawValue @Schema(types = "object") String event) {}
}
