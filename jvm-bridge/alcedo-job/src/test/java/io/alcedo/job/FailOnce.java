package io.alcedo.job;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;

/** Fails the job once: at the given number of records after the first checkpoint was completed. */
final class FailOnce<T> implements MapFunction<T, T>, CheckpointListener {
    private static final long serialVersionUID = 1;

    /** Of this JVM: the restarted task is another object. */
    private static final AtomicBoolean FAILED = new AtomicBoolean();

    private final int after;
    private transient int seen;
    private transient boolean checkpointed;

    FailOnce(int after) {
        this.after = after;
        FAILED.set(false);
    }

    static boolean failed() {
        return FAILED.get();
    }

    @Override
    public T map(T record) {
        if (checkpointed && ++seen >= after && FAILED.compareAndSet(false, true)) {
            throw new IllegalStateException("the failure that this test wants");
        }
        return record;
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        checkpointed = true;
    }
}
