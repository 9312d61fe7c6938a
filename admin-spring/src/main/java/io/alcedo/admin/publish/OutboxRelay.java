package io.alcedo.admin.publish;

import java.time.Clock;
import java.util.List;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Carries rows of the outbox to one channel, at least once and in their order. Whatever dies between sending and noting
 * it, the row is sent again; the engine is silent about a revision that it has. A row that a later one of its rule has
 * overtaken is not sent: it would be the last one on a compacted topic, where the later went out before.
 */
final class OutboxRelay {
    private static final int AT_ONCE = 200;

    private final OutboxMapper outbox;
    private final PublicationMapper publications;
    private final TransactionTemplate transaction;
    private final RuleSender sender;
    private final Clock clock;

    OutboxRelay(
            OutboxMapper outbox,
            PublicationMapper publications,
            TransactionTemplate transaction,
            RuleSender sender,
            Clock clock) {
        this.outbox = outbox;
        this.publications = publications;
        this.transaction = transaction;
        this.sender = sender;
        this.clock = clock;
    }

    /** Sends what is not sent yet; returns how many rows are done with. The lock keeps other instances from mixing in. */
    int deliver() {
        String channel = sender.channel();
        if (outbox.hasChannel(channel) == 0) {
            outbox.addChannel(channel);
        }
        int sent = 0;
        for (int some = AT_ONCE; some == AT_ONCE; sent += some) {
            Integer now = transaction.execute(status -> {
                outbox.lockChannel(channel);
                List<OutboxRow> rows = outbox.undelivered(channel, AT_ONCE);
                List<OutboxRow> latest = rows.stream()
                        .filter(row -> !outbox.isOvertaken(row))
                        .map(row -> publications.isSettled(row.id()) ? row.leftOut() : row)
                        .toList();
                if (!latest.isEmpty()) {
                    sender.send(latest);
                }
                rows.forEach(row -> note(channel, row.id()));
                return rows.size();
            });
            some = now == null ? 0 : now;
        }
        return sent;
    }

    private void note(String channel, long row) {
        if (outbox.deliveredAgain(channel, row, clock.instant()) == 0) {
            outbox.delivered(channel, row, clock.instant());
        }
    }
}
