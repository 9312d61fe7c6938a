package io.alcedo.job;

import org.apache.flink.api.common.functions.FilterFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines into the TaskManager's log, none further on: the first ones of each subtask, then only every thousandth, because
 * a log must not fill with what a broken producer sends. Flink's metrics count all of them.
 */
final class LogLines implements FilterFunction<String> {
    private static final long serialVersionUID = 1;

    private static final Logger LOG = LoggerFactory.getLogger(LogLines.class);
    private static final long ALL_UP_TO = 100;
    private static final long THEN_EVERY = 1000;

    private final String what;
    private transient long count;

    LogLines(String what) {
        this.what = what;
    }

    @Override
    public boolean filter(String line) {
        count++;
        if (count <= ALL_UP_TO || count % THEN_EVERY == 0) {
            LOG.info("{} {}: {}", what, count, line);
        }
        return false;
    }
}
