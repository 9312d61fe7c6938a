package io.alcedo.admin.audience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.admin.ServiceTest;
import io.alcedo.admin.account.Actor;
import io.alcedo.admin.account.Role;
import io.alcedo.admin.audience.TagUpload.Uploaded;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** Two uploads of tags, of which the one that began first is complete last. */
class UploadsAtOnceTest extends ServiceTest {
    private static final Actor LI = new Actor("li", Role.EDITOR, null, 0);

    @Autowired
    private TagUpload uploads;

    @Autowired
    private TagStore store;

    @Autowired
    private JdbcTemplate jdbc;

    @Test
    void eachIsABatchOfItsOwnAndTheMarkTellsOfBoth() throws Exception {
        String before = store.batchMark();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Uploaded> slow = CompletableFuture.supplyAsync(() -> upload(new Reader() {
            private final Reader text = new StringReader("{\"user\":\"began-first\",\"vip\":true}\n");

            @Override
            public int read(char[] into, int from, int length) throws IOException {
                begun.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return text.read(into, from, length);
            }

            @Override
            public void close() {}
        }));
        assertTrue(begun.await(60, TimeUnit.SECONDS));
        Uploaded fast = upload(new StringReader("{\"user\":\"ended-first\",\"vip\":true}\n"));
        String between = store.batchMark();
        assertNotEquals(before, between);
        goOn.countDown();
        Uploaded last = slow.get(60, TimeUnit.SECONDS);
        assertNotEquals(between, store.batchMark(), "an audience of then would never see who came last");
        assertTrue(Long.parseLong(last.batchMark()) < Long.parseLong(fast.batchMark()));
        assertEquals(Long.parseLong(last.batchMark()), batchOf("began-first"));
        assertEquals(Long.parseLong(fast.batchMark()), batchOf("ended-first"));
        jdbc.update("DELETE FROM user_tags WHERE user_id IN ('began-first', 'ended-first')");
    }

    private Uploaded upload(Reader text) {
        try {
            return uploads.lines(new BufferedReader(text), false, LI);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Long batchOf(String user) {
        return jdbc.queryForObject("SELECT batch_id FROM user_tags WHERE user_id = ?", Long.class, user);
    }
}
