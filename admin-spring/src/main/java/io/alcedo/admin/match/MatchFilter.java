package io.alcedo.admin.match;

import jakarta.validation.constraints.Size;
import java.time.Instant;

/**
 * Which matches are listed.
 *
 * @param from the first moment, RFC 3339
 * @param to the first moment that is not meant any more
 */
public record MatchFilter(
        @Size(max = 64) String rule, @Size(max = 128) String user, Instant from, Instant to) {}
