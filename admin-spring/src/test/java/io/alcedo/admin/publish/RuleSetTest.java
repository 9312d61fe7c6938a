package io.alcedo.admin.publish;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.alcedo.admin.ServiceTest;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

/** What a job makes of the complete set, and who hears of it. */
class RuleSetTest extends ServiceTest {
    @Autowired
    private TransactionTemplate transaction;

    @Test
    void theSetIsCompiledAgainOnlyWhenARowCame() {
        AtomicInteger compiled = new AtomicInteger();
        AtomicReference<String> mark = new AtomicReference<>("1-1");
        AtomicReference<List<OutboxRow>> rows = new AtomicReference<>(List.of());
        RuleSet set = new RuleSet(
                json,
                proxy(PublicationMapper.class, () -> {
                    compiled.incrementAndGet();
                    return rows.get();
                }),
                proxy(OutboxMapper.class, mark::get));
        String before = set.hash();
        assertEquals(before, set.hash());
        assertEquals(1, compiled.get());
        rows.set(List.of(new OutboxRow(
                2L,
                "r",
                1,
                "live",
                "{\"id\":\"r\",\"revision\":1,\"status\":\"live\",\"published_at\":\"2026-01-01T00:00:00Z\","
                        + "\"trigger\":{\"on\":{\"event\":\"order\"}}}",
                null)));
        mark.set("2-2");
        assertNotEquals(before, set.hash());
        assertEquals(2, compiled.get());
    }

    @Test
    void whoeverWaitsCannotUndoWhatIsCommitted() {
        RulesSignal signal = new RulesSignal();
        AtomicInteger woken = new AtomicInteger();
        signal.listen(() -> {
            throw new IllegalStateException("no connection for those who wait");
        });
        signal.listen(woken::incrementAndGet);
        assertDoesNotThrow(() -> transaction.executeWithoutResult(status -> signal.afterCommit()));
        assertEquals(1, woken.get());
    }

    private static <T> T proxy(Class<T> type, java.util.function.Supplier<?> answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answer.get()));
    }
}
