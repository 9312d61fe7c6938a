package io.alcedo.admin.publish;

import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import java.time.Instant;
import java.util.List;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The way to the engine: a row in the transaction of the change, so that one is there if and only if the other is. From
 * there on it is delivered as often as it takes.
 */
@Service
public class Outbox {
    private final OutboxMapper rows;
    private final PublicationMapper publications;
    private final RulesSignal signal;

    Outbox(OutboxMapper rows, PublicationMapper publications, RulesSignal signal) {
        this.rows = rows;
        this.publications = publications;
        this.signal = signal;
    }

    /** What the engine was last told about a rule; null: nothing. */
    public Publication publication(String ruleId) {
        return publications.find(ruleId);
    }

    /** What it was told with this revision. */
    public OutboxRow told(String ruleId, int revision) {
        OutboxRow row = rows.find(ruleId, revision);
        if (row == null) {
            throw new ProblemException(
                    ProblemCode.STATE_FORBIDS,
                    "Rule \"" + ruleId + "\" was never published as revision " + revision + ".");
        }
        return row;
    }

    /** The rules that run with this audience. */
    public List<String> runningWith(String audience) {
        return publications.runningWith(audience);
    }

    /** Lets one publish at a time, to the end of the transaction. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void lock() {
        rows.lockChannel("publishing");
    }

    /** Changes whenever something is told. */
    public String mark() {
        return rows.mark();
    }

    /** Tells the engine, from the commit on. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void tell(OutboxRow row, Instant publishedAt) {
        rows.insert(row);
        long id = rows.find(row.ruleId(), row.revision()).id();
        Publication now = new Publication(row.ruleId(), id, row.revision(), row.status(), publishedAt);
        if (publications.update(now) == 0) {
            publications.insert(now);
        }
        signal.afterCommit();
    }
}
