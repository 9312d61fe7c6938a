package io.alcedo.admin.api;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** Which part of a list is asked for: the parameters {@code offset} (default 0) and {@code limit} (default 50). */
public record Slice(
        @Min(0) @Max(1_000_000) Integer offset,
        @Min(1) @Max(200) Integer limit) {
    /** What is missing gets its default. */
    public Slice {
        offset = offset == null ? Integer.valueOf(0) : offset;
        limit = limit == null ? Integer.valueOf(50) : limit;
    }
}
