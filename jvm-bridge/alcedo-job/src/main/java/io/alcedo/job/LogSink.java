package io.alcedo.job;

import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines into the TaskManager's log: the first ones of each subtask, then only every thousandth, because a log must not
 * fill with what a broken producer sends. Flink's metrics count all of them.
 */
final class LogSink implements Sink<String> {
    private static final long serialVersionUID = 1;

    private static final Logger LOG = LoggerFactory.getLogger(LogSink.class);
    private static final long ALL_UP_TO = 100;
    private static final long THEN_EVERY = 1000;

    private final String what;

    LogSink(String what) {
        this.what = what;
    }

    @Override
    public SinkWriter<String> createWriter(WriterInitContext context) {
        return new Writer(what);
    }

    private static final class Writer implements SinkWriter<String> {
        private final String what;
        private long count;

        Writer(String what) {
            this.what = what;
        }

        @Override
        public void write(String line, Context context) {
            count++;
            if (count <= ALL_UP_TO || count % THEN_EVERY == 0) {
                LOG.info("{} {}: {}", what, count, line);
            }
        }

        @Override
        public void flush(boolean endOfInput) {
            // a log keeps nothing back
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
