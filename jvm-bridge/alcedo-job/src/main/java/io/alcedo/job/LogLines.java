package io.alcedo.job;

import io.alcedo.flink.LogLimit;
import org.apache.flink.api.common.functions.FilterFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines into the TaskManager's log, none further on: so many a minute of each subtask, because a log must not fill with
 * what a broken producer sends. Flink's metrics count all of them.
 */
final class LogLines implements FilterFunction<String> {
    private static final long serialVersionUID = 1;

    private static final Logger LOG = LoggerFactory.getLogger(LogLines.class);
    private static final int PER_MINUTE = 100;

    private final String what;
    private transient LogLimit limit;
    private transient long count;

    LogLines(String what) {
        this.what = what;
    }

    @Override
    public boolean filter(String line) {
        count++;
        if (limit == null) {
            limit = new LogLimit(PER_MINUTE);
        }
        limit.tell(more -> LOG.info("{} {}: {}{}", what, count, line, more));
        return false;
    }
}
