package io.alcedo.admin.forecast;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** What a rule will do, before it does. */
@RestController
@Tag(name = "forecast")
class ForecastController {
    private final Forecasts forecasts;

    ForecastController(Forecasts forecasts) {
        this.forecasts = forecasts;
    }

    @PostMapping("/api/forecast")
    @Operation(
            operationId = "forecastRule",
            summary = "What a definition would do, from a sample of recent events; nothing is saved")
    Forecasts.Forecast forecast(@Valid @RequestBody ToForecast wanted) {
        return forecasts.of(wanted.id == null ? "unnamed" : wanted.id, wanted.definition);
    }

    record ToForecast(
            @Pattern(regexp = "[a-z0-9._-]{1,64}") String id,
            @NotNull @Schema(type = "object") JsonNode definition) {}
}
