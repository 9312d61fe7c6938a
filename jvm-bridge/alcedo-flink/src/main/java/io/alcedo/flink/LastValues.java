package io.alcedo.flink;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.HistogramStatistics;

/**
 * A histogram of the last values. Flink's own stands in a jar that a user's class loader need not see. One thread writes,
 * at the cost of two plain stores; a reader copies and sorts. A value that is overwritten while it is copied counts as
 * the newer one.
 */
final class LastValues implements Histogram {
    static final int KEPT = 512;

    private final AtomicLongArray ring = new AtomicLongArray(KEPT);
    private final Tally count = new Tally();

    @Override
    public void update(long value) {
        ring.lazySet((int) (count.getCount() % KEPT), value);
        count.inc();
    }

    @Override
    public long getCount() {
        return count.getCount();
    }

    @Override
    public HistogramStatistics getStatistics() {
        long[] values = new long[(int) Math.min(KEPT, getCount())];
        for (int i = 0; i < values.length; i++) {
            values[i] = ring.get(i);
        }
        Arrays.sort(values);
        return new Statistics(values);
    }

    private static final class Statistics extends HistogramStatistics {
        private final long[] sorted;

        Statistics(long[] sorted) {
            this.sorted = sorted;
        }

        /** The value that this part of all values does not exceed. */
        @Override
        public double getQuantile(double part) {
            if (sorted.length == 0) {
                return 0;
            }
            int rank = (int) Math.ceil(part * sorted.length);
            return sorted[Math.max(0, Math.min(sorted.length, rank) - 1)];
        }

        @Override
        public long[] getValues() {
            return sorted.clone();
        }

        @Override
        public int size() {
            return sorted.length;
        }

        @Override
        public double getMean() {
            return Arrays.stream(sorted).average().orElse(0);
        }

        @Override
        public double getStdDev() {
            double mean = getMean();
            return Math.sqrt(Arrays.stream(sorted)
                    .mapToDouble(value -> (value - mean) * (value - mean))
                    .average()
                    .orElse(0));
        }

        @Override
        public long getMax() {
            return sorted.length == 0 ? 0 : sorted[sorted.length - 1];
        }

        @Override
        public long getMin() {
            return sorted.length == 0 ? 0 : sorted[0];
        }
    }
}
