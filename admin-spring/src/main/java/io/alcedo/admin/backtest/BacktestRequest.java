package io.alcedo.admin.backtest;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Instant;
import tools.jackson.databind.JsonNode;

/**
 * What is tried on what.
 *
 * @param rule its id; of a rule that is not saved yet, any
 * @param definition what is tried; null: what is saved as {@code revision}
 * @param revision null: the newest
 * @param dataSet null: a sample of live events
 * @param publishedAt as if it were published then; null: at the first event
 * @param compareWith a revision of the rule; null: none
 */
record BacktestRequest(
        @NotNull @Pattern(regexp = "[a-z0-9._-]{1,64}") String rule,
        @Schema(types = "object") JsonNode definition,
        @Min(1) Integer revision,
        @Min(1) Long dataSet,
        Instant publishedAt,
        @Min(1) Integer compareWith) {}
