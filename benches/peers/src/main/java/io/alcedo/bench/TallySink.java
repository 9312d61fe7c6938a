package io.alcedo.bench;

import java.io.Serializable;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** The sink of every contender: gives what comes to the {@link Tally}. */
public final class TallySink<T> implements Sink<T> {
    private static final long serialVersionUID = 1;

    private final Reading<T> reading;

    /** Gives a match to the tally. */
    public interface Reading<T> extends Serializable {
        /** Calls {@link Tally#add}. */
        void tally(T match);
    }

    /** A sink for matches of this kind. */
    public TallySink(Reading<T> reading) {
        this.reading = reading;
    }

    /** The sink of those who give a {@link Match}. */
    public static TallySink<Match> ofMatches() {
        return new TallySink<>(match -> Tally.add(match.f0, match.f1, match.f2));
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        return new SinkWriter<>() {
            @Override
            public void write(T match, Context ignored) {
                reading.tally(match);
            }

            @Override
            public void flush(boolean end) {
                // nothing waits
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
    }
}
