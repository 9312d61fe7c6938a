package io.alcedo.flink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.natives.NativeLoader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Repair, reset and erase of one user: dirty in the cache, stored with a timer, unknown, across snapshots. */
class CommandsTest {
    private static final String SEED =
            "\"command\":\"seed\",\"rule\":\"views\",\"revision\":1,\"cut\":1660000000000,\"state\":\"oc4B\"";

    @AfterEach
    void nothingIsLeftOpen() {
        assertEquals(0, NativeLoader.openHandles(), "native objects left open");
    }

    /** Three views match, an order that is not paid too; two users fit into the cache. */
    private static TestJob job(String backend) throws Exception {
        RuleSource rules = new TestRules(TestRules.all(Shop.THIRD_VIEW, Shop.UNPAID));
        return new TestJob(new AlcedoOptions().cacheUsers(2), rules, AudienceSource.none(), backend, 1);
    }

    private static void event(TestJob job, String user, String type, int minute) throws Exception {
        job.event(Shop.event(user, type, 1, Shop.BEGIN + minute * Shop.MINUTE, minute));
    }

    private static void passMinute(TestJob job, int minute) throws Exception {
        job.watermark(Shop.BEGIN + minute * Shop.MINUTE);
    }

    private static Ingest command(String user, String id, String more) {
        String json = "{\"id\":\"" + id + "\",\"by\":\"ops\",\"user\":\"" + user + "\"," + more + "}";
        return Ingest.command(user, id, Partitions.ofCommands(0), 7, json.getBytes(StandardCharsets.UTF_8));
    }

    private static Ingest erase(String user, String id) {
        return command(user, id, "\"command\":\"erase\"");
    }

    private static Ingest reset(String user, String id) {
        return command(user, id, "\"command\":\"reset\",\"rule\":\"views\"");
    }

    private static Ingest repair(String user, String id, byte[] state) {
        String text = Base64.getEncoder().encodeToString(state);
        return command(user, id, "\"command\":\"repair\",\"state\":\"" + text + "\"");
    }

    private static String last(TestJob job) {
        return job.audits.get(job.audits.size() - 1);
    }

    private static void assertLast(TestJob job, String part) {
        assertTrue(last(job).contains(part), last(job));
    }

    private static List<String> found(TestJob job) {
        return job.matches.stream().map(m -> m.rule() + " " + m.user()).sorted().collect(Collectors.toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"hashmap", "rocksdb"})
    void anErasedUserIsANewOne(String backend) throws Exception {
        try (TestJob job = job(backend)) {
            for (String user : List.of("gone", "stays")) {
                event(job, user, "view", 1);
                event(job, user, "view", 2);
                event(job, user, "order", 3);
            }
            passMinute(job, 4);
            event(job, "gone", "view", 5); // waits, and the user is dirty in the cache
            job.event(erase("gone", "c1"));
            assertLast(job, "\"result\":\"done\",\"dropped\":{\"measures\":2,\"rules\":0,\"waiting\":1}");
            assertLast(job, "\"id\":\"c1\",\"by\":\"ops\",\"command\":\"erase\"");
            assertLast(job, "\"partition\":2000000000,\"position\":7,\"user\":\"gone\"");
            job.restart(2);
            assertNull(job.get("user", "gone"));
            assertNull(job.get("commands", "gone"));
            assertNotNull(job.get("user", "stays"));
            event(job, "gone", "view", 6);
            event(job, "stays", "view", 6);
            passMinute(job, 60);
            assertEquals(List.of("unpaid stays", "views stays"), found(job));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hashmap", "rocksdb"})
    void aStoredUserWithATimerCanBeErasedToo(String backend) throws Exception {
        try (TestJob job = job(backend)) {
            event(job, "gone", "order", 1);
            passMinute(job, 2);
            job.restart(1); // nobody is in the cache, and the timer is set
            job.event(erase("gone", "c1"));
            assertLast(job, "\"result\":\"done\"");
            job.restart(1);
            assertEquals(0, job.users());
            passMinute(job, 60); // the timer finds nothing
            assertEquals(List.of(), found(job));
            assertEquals(0, job.users());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hashmap", "rocksdb"})
    void aResetTakesEffectOnceThoughItComesTwice(String backend) throws Exception {
        try (TestJob job = job(backend)) {
            event(job, "u1", "view", 1);
            event(job, "u1", "view", 2);
            passMinute(job, 3);
            job.event(reset("u1", "c1"));
            assertLast(job, "\"rule\":\"views\",\"result\":\"done\",\"dropped\":{\"measures\":1");
            event(job, "u1", "view", 4);
            event(job, "u1", "view", 5);
            passMinute(job, 6);
            job.restart(3);
            job.event(reset("u1", "c1"));
            assertLast(job, "\"result\":\"repeated\"");
            event(job, "u1", "view", 7);
            passMinute(job, 8);
            assertEquals(List.of("views u1"), found(job));
        }
    }

    private static long commandsOf(TestJob job, String name) throws Exception {
        return ((Counter) job.metrics(0).get(name)).getCount();
    }

    @Test
    void asManyIdsAreRememberedAsSaid() throws Exception {
        try (TestJob job = job("hashmap")) {
            for (int i = 0; i <= CarriedOut.KEPT; i++) {
                job.event(reset("u1", "c" + i));
            }
            job.event(reset("u1", "c1"));
            assertLast(job, "\"result\":\"repeated\"");
            job.event(reset("u1", "c0"));
            assertLast(job, "\"result\":\"nothing\"");
            assertEquals(CarriedOut.KEPT * 16, job.get("commands", "u1").length);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hashmap", "rocksdb"})
    void aRepairBringsAnEarlierStateBack(String backend) throws Exception {
        try (TestJob job = job(backend)) {
            event(job, "u1", "order", 1);
            event(job, "u1", "view", 1);
            passMinute(job, 2);
            job.snapshot();
            byte[] good = job.get("user", "u1");
            event(job, "u1", "pay", 3);
            event(job, "u1", "view", 3);
            passMinute(job, 4);
            job.event(repair("u1", "c1", good));
            assertLast(job, "\"result\":\"done\"");
            job.restart(1);
            event(job, "u1", "view", 5);
            passMinute(job, 60);
            assertEquals(List.of("unpaid u1"), found(job));
        }
    }

    @Test
    void aStateThatStopsTheJobIsReplaced() throws Exception {
        byte[] damaged = "not a state".getBytes(StandardCharsets.UTF_8);
        try (TestJob job = job("hashmap")) {
            event(job, "u1", "view", 1);
            event(job, "u1", "view", 2);
            passMinute(job, 3);
            job.snapshot();
            byte[] good = job.get("user", "u1");
            job.restart(1);
            job.put("u1", damaged);
            job.event(repair("u1", "c1", good));
            assertLast(job, "\"was_unreadable\":true");
            event(job, "u1", "view", 4);
            passMinute(job, 5);
            assertEquals(List.of("views u1"), found(job));
        }
        try (TestJob job = job("hashmap")) {
            job.put("u1", damaged);
            Exception failed = assertThrows(Exception.class, () -> job.event(reset("u1", "c1")));
            assertTrue(failed.getMessage().contains("u1"), failed.getMessage());
        }
    }

    @Test
    void whatIsRefusedIsToldTwiceAndChangesNothing() throws Exception {
        try (TestJob job = job("hashmap")) {
            event(job, "u1", "view", 1);
            passMinute(job, 2);
            job.snapshot();
            byte[] before = job.get("user", "u1");
            byte[] damaged = Arrays.copyOf(before, before.length - 1);
            job.event(repair("u1", "c1", damaged));
            assertLast(job, "\"result\":\"refused\",\"reason\":\"command_state\"");
            job.event(command("u1", "c2", "\"command\":\"reset\",\"rule\":\"missing\""));
            assertLast(job, "\"reason\":\"command_rule\"");
            job.event(command("u1", "c3", SEED));
            assertLast(job, "\"rule\":\"views\",\"result\":\"refused\",\"reason\":\"command_seed\"");
            List<String> reasons = job.bad.stream().map(Ingest::reason).collect(Collectors.toList());
            assertEquals(List.of("command_state", "command_rule", "command_seed"), reasons);
            assertEquals(Partitions.ofCommands(0), job.bad.get(0).partition());
            assertEquals(7, job.bad.get(0).position());
            job.snapshot();
            assertArrayEquals(before, job.get("user", "u1"));
            assertNull(job.get("commands", "u1"), "what was refused may be sent again under its id");
            assertEquals(3, commandsOf(job, "alcedo.commandsRefused"));
            job.event(erase("nobody", "c3"));
            assertLast(job, "\"result\":\"nothing\"");
            assertEquals(1, commandsOf(job, "alcedo.commands"));
        }
    }

    @Test
    void aCommandComesAfterTheBundleBeforeIt() throws Exception {
        AlcedoOptions options = new AlcedoOptions().order(AlcedoOptions.Order.ARRIVAL);
        RuleSource rules = new TestRules(TestRules.all(Shop.thirdView(1, 2)));
        try (TestJob job = new TestJob(options, rules, AudienceSource.none(), "hashmap", 1)) {
            event(job, "u1", "view", 1); // waits in the bundle
            job.event(reset("u1", "c1"));
            event(job, "u1", "view", 2);
            job.tick();
            assertEquals(List.of(), found(job));
            event(job, "u1", "view", 3);
            job.tick();
            assertEquals(List.of("views u1"), found(job));
        }
    }

    @Test
    void commandsHaveNoTimeAndWhatCannotBeReadIsToldTwice() throws Exception {
        try (var intake = new OneInputStreamOperatorTestHarness<>(new CommandIntake())) {
            intake.open();
            intake.setProcessingTime(1000);
            Ingest bad = Ingest.bad("command_not_json", 5, 9, "{".getBytes(StandardCharsets.UTF_8));
            intake.processElement(new StreamRecord<>(bad));
            intake.processElement(new StreamRecord<>(erase("u1", "c1")));
            intake.processWatermarkStatus(WatermarkStatus.ACTIVE);
            intake.processWatermark(Watermark.MAX_WATERMARK);
            assertEquals(
                    List.of(WatermarkStatus.IDLE, new StreamRecord<>(erase("u1", "c1")))
                            .toString(),
                    intake.getOutput().toString());
            assertEquals(
                    "command_not_json",
                    intake.getSideOutput(Tags.BAD).remove().getValue().reason());
            assertEquals(
                    "{\"at\":1000,\"partition\":5,\"position\":9,\"result\":\"refused\",\"reason\":\"command_not_json\"}",
                    intake.getSideOutput(Tags.AUDIT).remove().getValue());
        }
    }
}
