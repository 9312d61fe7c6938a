package io.alcedo.flink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules out of a topic, with Kafka's own consumer for tests; {@code it/} reads a real one. */
class KafkaRulesTest {
    private static final String TOPIC = "rules";

    @SuppressWarnings("deprecation") // both lines have this constructor
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>(OffsetResetStrategy.EARLIEST);

    private final KafkaRules rules = new KafkaRules(TOPIC, () -> consumer);
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    @BeforeEach
    void twoPartitions() {
        consumer.updatePartitions(TOPIC, List.of(partition(0), partition(1)));
        Map<TopicPartition, Long> beginnings = new HashMap<>();
        for (int i = 0; i < 2; i++) {
            beginnings.put(new TopicPartition(TOPIC, i), 0L);
            ends.put(new TopicPartition(TOPIC, i), 0L);
        }
        consumer.updateBeginningOffsets(beginnings);
        consumer.updateEndOffsets(ends);
    }

    private static PartitionInfo partition(int number) {
        return new PartitionInfo(TOPIC, number, null, null, null);
    }

    /** Has the next poll bring these messages, each {partition, key or null, value or null}. */
    private void comes(Object[]... messages) {
        for (Object[] message : messages) {
            TopicPartition of = new TopicPartition(TOPIC, (int) message[0]);
            ends.merge(of, 1L, Long::sum);
        }
        consumer.updateEndOffsets(ends);
        Map<TopicPartition, Long> next = new HashMap<>();
        consumer.schedulePollTask(() -> {
            for (Object[] message : messages) {
                TopicPartition of = new TopicPartition(TOPIC, (int) message[0]);
                long offset = next.merge(of, consumer.position(of), (held, begun) -> held + 1);
                consumer.addRecord(
                        new ConsumerRecord<>(TOPIC, of.partition(), offset, bytes(message[1]), bytes(message[2])));
            }
        });
    }

    private static byte[] bytes(Object text) {
        if (text instanceof byte[]) {
            return (byte[]) text;
        }
        return text == null ? null : ((String) text).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void theLastMessageOfEachKeyIsTheSet() throws Exception {
        comes(new Object[] {0, "a", "A1"}, new Object[] {1, "b", "B1"}, new Object[] {0, "a", "A2"}, new Object[] {
            1, null, "loose"
        });
        RulesUpdate set = rules.read();
        assertTrue(set.complete());
        assertArrayEquals(new String[] {"A2", "B1", "loose"}, set.f2);
        assertArrayEquals(new String[] {"rules 0:1", "rules 1:0", "rules 1:1"}, set.f1);
        comes(new Object[] {1, "b", null}, new Object[] {1, "c", "C1"});
        assertArrayEquals(new String[] {"A2", "loose", "C1"}, rules.read().f2, "b has gone from the set");
        assertArrayEquals(new String[] {"A2", "loose", "C1"}, rules.read().f2, "nothing new");
    }

    @Test
    void anEmptyTopicIsAnEmptySetAndAMissingOneIsNot() throws Exception {
        assertEquals(0, rules.read().size());
        MockConsumer<byte[], byte[]> none = consumer;
        none.updatePartitions(TOPIC, List.of());
        IOException e = assertThrows(IOException.class, rules::read);
        assertTrue(e.getMessage().contains("does not exist; create it, compacted"), e.getMessage());
    }

    @Test
    void afterAnErrorItReadsFromTheBeginningAgain() {
        consumer.schedulePollTask(() -> consumer.setPollException(new KafkaException("the broker is away")));
        ends.put(new TopicPartition(TOPIC, 0), 5L);
        consumer.updateEndOffsets(ends);
        IOException e = assertThrows(IOException.class, rules::read);
        assertTrue(e.getMessage().contains("cannot read the topic rules") && consumer.closed(), e.getMessage());
    }

    /** Read on, its end would seem to be reached for ever, and the rules of the old one would never go. */
    @Test
    void aTopicThatWasMadeAnewIsReadAnew() throws Exception {
        comes(new Object[] {0, "a", "A1"}, new Object[] {0, "b", "B1"}, new Object[] {0, "c", "C1"});
        assertEquals(3, rules.read().size());
        ends.put(new TopicPartition(TOPIC, 0), 0L);
        comes(new Object[] {0, "d", "D1"});
        assertArrayEquals(new String[] {"D1"}, rules.read().f2);
    }

    @Test
    void moreThanASetOfRulesIsRefused() {
        assertRefused(17, "at most 50000 documents of 16777216 characters together; ");
    }

    /** A topic of events by mistake is refused before it fills the heap. */
    @Test
    void farMoreIsRefusedWhileItIsRead() {
        assertRefused(65, "at most 200000 documents of 67108864 characters together, compacted or not; ");
    }

    private void assertRefused(int millions, String words) {
        String large = "x".repeat(1 << 20);
        Object[][] all = new Object[millions][];
        for (int i = 0; i < all.length; i++) {
            all[i] = new Object[] {0, null, large};
        }
        comes(all);
        IOException e = assertThrows(IOException.class, rules::read);
        assertTrue(e.getMessage().contains(words) && consumer.closed(), e.getMessage());
    }

    @Test
    void whatAKeyHeldBeforeDoesNotCountAgainstTheSet() throws Exception {
        String large = "x".repeat(10 << 20);
        for (int i = 0; i < 4; i++) {
            comes(new Object[] {0, "a", large}, new Object[] {1, "b", large}, new Object[] {1, "b", null});
            assertEquals(1, rules.read().size());
        }
    }

    @Test
    void aMessageThatIsNoTextIsStillADocument() throws Exception {
        comes(new Object[] {0, "a", new byte[] {'{', (byte) 0xff}});
        assertEquals(
                "This message cannot be read: it is not UTF-8", rules.read().text(0));
    }
}
