package io.alcedo.bench.measure;

import io.alcedo.bench.Match;
import io.alcedo.flink.Ingest;
import io.alcedo.natives.AlcedoEngine;
import io.alcedo.natives.EngineConfig;
import io.alcedo.natives.RuleBook;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Copies records into bundles as the real operator does and drops each bundle with one native call. */
class BundlesOperator extends AbstractStreamOperator<Match> implements OneInputStreamOperator<Ingest, Match> {
    private static final long serialVersionUID = 1;

    private final long size;
    private transient RuleBook book;
    private transient AlcedoEngine engine;

    BundlesOperator(long size) {
        this.size = size;
    }

    @Override
    public void open() throws Exception {
        super.open();
        book = RuleBook.open(null);
        engine = AlcedoEngine.open(new EngineConfig(), book, Long.MIN_VALUE);
    }

    @Override
    public void processElement(StreamRecord<Ingest> element) throws Exception {
        Ingest event = element.getValue();
        engine.batch().event(event.user(), event.time(), event.partition(), event.position(), event.raw());
        if (engine.batch().records() >= size) {
            drop();
        }
    }

    private void drop() {
        engine.batch().clear();
        engine.counters(); // a call that crosses and does next to nothing
    }

    @Override
    public void close() throws Exception {
        if (engine != null) {
            engine.close();
            book.close();
        }
        super.close();
    }
}
