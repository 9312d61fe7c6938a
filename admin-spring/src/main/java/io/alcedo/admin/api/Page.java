package io.alcedo.admin.api;

import java.util.List;

/**
 * A part of a list.
 *
 * @param items those from {@code offset} on
 * @param total how many there are in all, exactly
 */
public record Page<T>(List<T> items, long total, int offset, int limit) {
    /** The part that was asked for. */
    public static <T> Page<T> of(List<T> items, long total, Slice slice) {
        return new Page<>(items, total, slice.offset(), slice.limit());
    }
}
