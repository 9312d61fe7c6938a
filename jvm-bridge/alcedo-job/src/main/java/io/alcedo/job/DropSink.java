package io.alcedo.job;

import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Takes and forgets: what an option of {@code none} asks for. */
final class DropSink implements Sink<String> {
    private static final long serialVersionUID = 1;

    @Override
    public SinkWriter<String> createWriter(WriterInitContext context) {
        return new SinkWriter<>() {
            @Override
            public void write(String line, Context ignored) {
                // forgotten
            }

            @Override
            public void flush(boolean endOfInput) {
                // nothing is kept back
            }

            @Override
            public void close() {
                // nothing is held
            }
        };
    }
}
