package io.alcedo.flink;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.metrics.Counter;

/**
 * A counter that one thread writes and Flink's reporters read: they see whole, recent values, and counting costs a plain
 * store.
 */
final class Tally implements Counter {
    private final AtomicLong value = new AtomicLong();

    /** Takes over what was counted elsewhere. */
    void set(long counted) {
        value.lazySet(counted);
    }

    @Override
    public void inc() {
        inc(1);
    }

    @Override
    public void inc(long n) {
        value.lazySet(value.get() + n);
    }

    @Override
    public void dec() {
        inc(-1);
    }

    @Override
    public void dec(long n) {
        inc(-n);
    }

    @Override
    public long getCount() {
        return value.get();
    }
}
