package io.alcedo.admin.backtest;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

/** The thread behind the backtests, while the database is away. */
class BacktestsThreadTest {
    @Test
    void itGoesOnWhenTheDatabaseIsBack() throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch asked = new CountDownLatch(1);
        BacktestMapper rows = (BacktestMapper) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {BacktestMapper.class}, (proxy, method, arguments) -> {
                    if (calls.incrementAndGet() <= 2) {
                        throw new DataAccessResourceFailureException("the database is away");
                    }
                    if (method.getName().equals("next")) {
                        asked.countDown();
                    }
                    return method.getReturnType() == int.class ? 0 : null;
                });
        Backtests backtests = new Backtests(rows, null, null, null, null, null, null, null, null);
        backtests.start();
        try {
            assertTrue(asked.await(2, TimeUnit.MINUTES));
        } finally {
            backtests.stop();
        }
    }
}
