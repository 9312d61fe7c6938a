package io.alcedo.admin.match;

import io.alcedo.admin.account.Actor;
import io.alcedo.admin.account.CurrentActor;
import io.alcedo.admin.api.ProblemException;
import io.alcedo.admin.api.Slice;
import io.alcedo.admin.intake.Later;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Matches: jobs bring them, the console shows them. */
@RestController
@Tag(name = "matches")
class MatchController {
    /** Of {@code listMatchRates}: a day of 200 busy rules is less than half of it per hour. */
    private static final int RATES = 50_000;

    private final MatchMapper matches;
    private final MatchTotals totals;
    private final MatchIntake intake;
    private final MatchStream stream;
    private final Clock clock;

    MatchController(MatchMapper matches, MatchTotals totals, MatchIntake intake, MatchStream stream, Clock clock) {
        this.matches = matches;
        this.totals = totals;
        this.intake = intake;
        this.stream = stream;
        this.clock = clock;
    }

    @PostMapping(path = "/engine/matches", consumes = "application/x-ndjson")
    @Operation(
            operationId = "bringMatches",
            summary = "Matches, one a line; all are taken or none, and one that is known by its match_id counts once")
    @RequestBody(
            required = true,
            content = @Content(mediaType = "application/x-ndjson", schema = @Schema(type = "string")))
    DeferredResult<MatchIntake.Taken> bring(InputStream lines) throws IOException {
        return Later.of(intake.take(lines));
    }

    @GetMapping("/api/matches")
    @Operation(operationId = "listMatches", summary = "Matches, the latest first; `before` goes on where a page ended")
    MatchPage list(
            @Valid @ParameterObject MatchFilter filter,
            @RequestParam(defaultValue = "happened")
                    @Parameter(description = "`received`: as they came, of all rules and users")
                    MatchOrder order,
            @RequestParam(required = false)
                    @Pattern(regexp = MatchPage.KEY)
                    @Parameter(description = "`next` of the page before; instead of large offsets")
                    String before,
            @Valid @ParameterObject Slice slice) {
        MatchPage.mustBeNear(slice);
        if (order == MatchOrder.RECEIVED && (filter.rule() != null || filter.user() != null)) {
            throw ProblemException.invalid("order", "`received` is the order of all; leave out `rule` and `user`");
        }
        MatchPage.Key key = before == null ? null : MatchPage.Key.of(before);
        return MatchPage.of(matches.list(filter, order, key, slice), totals.of(filter), slice);
    }

    @GetMapping("/api/matches/{matchId}")
    @Operation(operationId = "getMatch", summary = "One match with its receipt")
    Match get(@PathVariable String matchId) {
        Match match = matches.find(matchId);
        if (match == null) {
            throw ProblemException.notFound("match", matchId);
        }
        return match;
    }

    @GetMapping("/api/match_rates")
    @Operation(
            operationId = "listMatchRates",
            summary =
                    "How many matches came, by rule and minute of arrival; the last hour unless told, minutes without are left out")
    List<MatchRate> rates(
            @RequestParam(required = false) @Size(max = 64) String rule,
            @RequestParam(required = false) Instant from,
            @RequestParam(required = false) Instant to) {
        Instant end = to == null ? clock.instant().plus(1, ChronoUnit.MINUTES) : to;
        Instant begin = from == null ? end.minus(1, ChronoUnit.HOURS) : from;
        if (Duration.between(begin, end).compareTo(Duration.ofDays(rule == null ? 1 : 31)) > 0) {
            throw ProblemException.invalid("from", "at most a day, or 31 days of one rule");
        }
        return matches.rates(rule, begin.truncatedTo(ChronoUnit.MINUTES), end, RATES);
    }

    @GetMapping(path = "/api/match_stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(
            operationId = "streamMatches",
            summary = "New matches as server-sent events: `match` with one, `more` with how many were not shown")
    SseEmitter stream(@RequestParam(required = false) @Size(max = 64) String rule, @CurrentActor Actor actor) {
        return stream.listen(rule, actor);
    }
}
