package io.alcedo.admin.publish;

import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Wakes whoever waits for rules or audiences to change, once the change is committed. It only saves time: a change of
 * another instance, or one whose signal was lost, is found by looking at the database.
 */
@Component
public class RulesSignal {
    private static final Logger LOG = LoggerFactory.getLogger(RulesSignal.class);

    private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();

    void listen(Runnable listener) {
        listeners.add(listener);
    }

    /** What is committed stays so, and is answered so, whatever becomes of those who wait for it. */
    private static void wake(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.warn("A change is found at the next look only: {}", e.getClass().getSimpleName());
        }
    }

    /** Signals when the present transaction is committed. */
    public void afterCommit() {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                listeners.forEach(RulesSignal::wake);
            }
        });
    }
}
