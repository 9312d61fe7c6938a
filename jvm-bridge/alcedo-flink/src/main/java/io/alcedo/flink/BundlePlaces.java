package io.alcedo.flink;

import java.util.Arrays;
import java.util.TreeMap;

/** Where the records of a bundle lay: what is told when the engine fails on it. */
final class BundlePlaces {
    private int[] partitions = new int[1024];
    private long[] positions = new long[1024];
    private int count;

    void add(int partition, long position) {
        if (count == partitions.length) {
            partitions = Arrays.copyOf(partitions, count * 2);
            positions = Arrays.copyOf(positions, count * 2);
        }
        partitions[count] = partition;
        positions[count] = position;
        count++;
    }

    void clear() {
        count = 0;
    }

    /** By partition the first and the last position and how many between them: a bundle has thousands. */
    @Override
    public String toString() {
        if (count == 0) {
            return "none, only users with something due";
        }
        TreeMap<Integer, long[]> ranges = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            long position = positions[i];
            long[] range = ranges.computeIfAbsent(partitions[i], p -> new long[] {Long.MAX_VALUE, Long.MIN_VALUE, 0});
            range[0] = Math.min(range[0], position);
            range[1] = Math.max(range[1], position);
            range[2]++;
        }
        StringBuilder text = new StringBuilder();
        ranges.forEach((partition, range) -> text.append(text.length() == 0 ? "" : ", ")
                .append("partition ")
                .append(partition)
                .append(" positions ")
                .append(range[0])
                .append(" to ")
                .append(range[1])
                .append(" (")
                .append(range[2])
                .append(" records)"));
        return text.toString();
    }
}
