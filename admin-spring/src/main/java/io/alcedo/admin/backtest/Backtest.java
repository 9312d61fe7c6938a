package io.alcedo.admin.backtest;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import io.alcedo.admin.replay.Trial;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Locale;

/**
 * A rule tried on a log.
 *
 * @param dataSetId null: on the sample of live events
 * @param progress 0 to 1
 * @param result once it is done
 * @param failure once it has failed, why
 */
@Schema(requiredProperties = {"id", "rule_id", "state", "progress", "created_by", "created_at"})
public record Backtest(
        long id,
        String ruleId,
        Long dataSetId,
        State state,
        double progress,

        @JsonRawValue @Schema(implementation = Trial.Result.class)
        String result,

        String failure,
        String createdBy,
        Instant createdAt,
        Instant endedAt) {

    Backtest at(double share) {
        return new Backtest(id, ruleId, dataSetId, state, share, result, failure, createdBy, createdAt, endedAt);
    }

    /** Where it is. */
    public enum State {
        WAITING,
        RUNNING,
        DONE,
        FAILED,
        CANCELLED;

        /** As it stands in JSON. */
        @JsonValue
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
