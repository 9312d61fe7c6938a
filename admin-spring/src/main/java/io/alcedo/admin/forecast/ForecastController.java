package io.alcedo.admin.forecast;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** What a rule will do, before it does. */
@RestController
@Tag(name = "forecast")
class ForecastController {
    private final Forecasts forecasts;
    private final KeptForecasts kept;

    ForecastController(Forecasts forecasts, KeptForecasts kept) {
        this.forecasts = forecasts;
        this.kept = kept;
    }

    @PostMapping("/api/forecast")
    @Operation(
            operationId = "forecastRule",
            summary = "What a definition would do, from a sample of recent events; nothing is saved")
    Forecasts.Forecast forecast(@Valid @RequestBody ToForecast wanted) {
        return forecasts.of(wanted.id == null ? "unnamed" : wanted.id, wanted.definition);
    }

    @GetMapping("/api/rules/{id}/forecasts")
    @Operation(
            operationId = "listForecasts",
            summary = "What was expected of its latest 20 published revisions, the newest first, and what came")
    List<KeptForecast> kept(@PathVariable String id) {
        return kept.ofRule(id);
    }

    record ToForecast(
            @Pattern(regexp = "[a-z0-9._-]{1,64}") String id,
            @NotNull @Schema(types = "object") JsonNode definition) {}
}
