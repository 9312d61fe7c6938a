package io.alcedo.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.alcedo.natives.Audience;
import io.alcedo.natives.NativeLoader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the operator promises beyond what rules mean: outputs, time, changes of rules, restores, ends. */
class OperatorTest {
    private static final String VIP_VIEW = "{\"id\": \"vip\", \"revision\": 1, \"audience\": {\"id\": \"vips\"},"
            + " \"trigger\": {\"on\": {\"event\": \"view\"}}}";

    private final TestAudiences audiences = new TestAudiences();

    @AfterEach
    void nothingIsLeftOpen() {
        assertEquals(0, NativeLoader.openHandles(), "native objects left open");
    }

    private TestJob job(AlcedoOptions options, String... rules) throws Exception {
        return new TestJob(options, new TestRules(TestRules.all(rules)), audiences, "hashmap", 1);
    }

    private static Ingest view(String user, int minute, long position) {
        return Shop.event(user, "view", 0, Shop.BEGIN + minute * Shop.MINUTE, position);
    }

    private static Ingest order(String user, int minute, long position) {
        return Shop.event(user, "order", 1, Shop.BEGIN + minute * Shop.MINUTE, position);
    }

    private static void passMinute(TestJob job, int minute) throws Exception {
        job.watermark(Shop.BEGIN + minute * Shop.MINUTE);
    }

    private static List<String> rules(TestJob job) {
        return job.matches.stream().map(MatchRecord::rule).collect(Collectors.toList());
    }

    @Test
    void aMatchCarriesWhatSinksNeed() throws Exception {
        try (TestJob job = job(new AlcedoOptions(), Shop.thirdView(1, 1))) {
            job.event(view("u1", 0, 5));
            passMinute(job, 1);
            MatchRecord match = job.matches.get(0);
            assertEquals("views", match.rule());
            assertEquals("u1", match.user());
            assertEquals(Shop.BEGIN, match.time());
            String json = new String(match.json(), StandardCharsets.UTF_8);
            assertTrue(json.contains("\"match_id\":\"" + match.matchId() + "\""), json);
            assertTrue(json.contains("\"position\":5"), json);
        }
    }

    @Test
    void aDeadlinePassesAtItsWatermarkAndNotBefore() throws Exception {
        try (TestJob job = job(new AlcedoOptions(), Shop.UNPAID)) {
            job.event(order("u1", 0, 0));
            passMinute(job, 14);
            assertEquals(List.of(), rules(job));
            job.restart(1);
            passMinute(job, 15);
            assertEquals(List.of("unpaid"), rules(job));
            assertEquals(Shop.BEGIN + 15 * Shop.MINUTE, job.matches.get(0).time());
        }
    }

    @Test
    void theRulesStreamNeverHoldsEventTime() throws Exception {
        try (TestJob job = job(new AlcedoOptions(), Shop.UNPAID)) {
            job.event(order("u1", 0, 0));
            passMinute(job, 20); // nothing came on the rules' input, not even a watermark
            assertEquals(1, job.matches.size());
            job.rulesWatermark(Shop.BEGIN + 50 * Shop.MINUTE); // nor does one that comes count
            assertEquals(List.of(Shop.BEGIN + 20 * Shop.MINUTE), job.watermarksOut());
            job.event(view("u1", 30, 1));
            passMinute(job, 40);
            assertEquals(List.of(), job.late);
        }
    }

    @Test
    void whatTheWatermarkHasPassedIsLateAfterARestoreToo() throws Exception {
        try (TestJob job = job(new AlcedoOptions(), Shop.thirdView(1, 1))) {
            passMinute(job, 10);
            job.restart(2);
            job.event(view("u1", 10, 0));
            job.event(view("u1", 11, 1));
            job.tick();
            passMinute(job, 12);
            assertEquals(List.of(0L), job.late.stream().map(Ingest::position).collect(Collectors.toList()));
            assertEquals("u1", job.late.get(0).user());
            assertEquals(1, job.matches.size());
        }
    }

    @Test
    void timeDoesNotGoBackAfterARestore() throws Exception {
        try (TestJob job = job(new AlcedoOptions(), Shop.UNPAID)) {
            passMinute(job, 10);
            job.restart(1);
            passMinute(job, 5); // sources begin low again
            job.event(view("u1", 7, 0));
            job.tick();
            assertEquals(1, job.late.size());
        }
    }

    @Test
    void aRecordThatTheEngineCannotReadIsBadAndTheNextIsRead() throws Exception {
        try (TestJob job = job(new AlcedoOptions(), Shop.thirdView(1, 1))) {
            job.event(Ingest.event("u1", Shop.BEGIN, 3, 9, "no json".getBytes(StandardCharsets.UTF_8)));
            job.event(view("u1", 1, 10));
            passMinute(job, 2);
            assertEquals(1, job.bad.size());
            assertEquals("not_json", job.bad.get(0).reason());
            assertEquals(3, job.bad.get(0).partition());
            assertEquals(9, job.bad.get(0).position());
            assertEquals(1, job.matches.size());
        }
    }

    @Test
    void aRecordToSkipIsBad() throws Exception {
        try (TestJob job = job(new AlcedoOptions().skip(0, 7), Shop.thirdView(1, 1))) {
            job.event(view("u1", 1, 7));
            passMinute(job, 2);
            assertEquals("skipped", job.bad.get(0).reason());
            assertEquals(List.of(), job.matches);
        }
    }

    @Test
    void aBundleThatIsNotFullIsFlushedByTime() throws Exception {
        AlcedoOptions options = new AlcedoOptions().order(AlcedoOptions.Order.ARRIVAL);
        try (TestJob job = job(options, Shop.thirdView(1, 1))) {
            job.event(view("u1", 1, 0));
            assertEquals(0, job.matches.size());
            job.tick();
            assertEquals(1, job.matches.size());
        }
    }

    @Test
    void aChangedRuleJudgesWhatComesAfterIt() throws Exception {
        try (TestJob job = job(new AlcedoOptions().order(AlcedoOptions.Order.ARRIVAL), Shop.thirdView(1, 5))) {
            job.event(view("u1", 1, 0));
            job.update(TestRules.all(Shop.thirdView(2, 2))); // the bundle that waits is judged before
            job.event(view("u1", 2, 1));
            job.tick();
            assertEquals(1, job.matches.size());
            assertEquals(Shop.BEGIN + 2 * Shop.MINUTE, job.matches.get(0).time());
            assertStatus(job, "views", 2, "live");
        }
    }

    @Test
    void aLowerRevisionIsIgnoredAndARestoreRemembersTheHigher() throws Exception {
        try (TestJob job = job(new AlcedoOptions(), Shop.thirdView(4, 1))) {
            job.update(TestRules.update(false, Shop.thirdView(3, 99)));
            assertStatus(job, "views", 3, "ignored");
            job.restart(1);
            job.event(view("u1", 1, 0));
            passMinute(job, 2);
            assertEquals(1, job.matches.size());
        }
    }

    @Test
    void aRestoreKnowsAChangeThatCameLater() throws Exception {
        try (TestJob job = job(new AlcedoOptions(), Shop.thirdView(1, 99))) {
            passMinute(job, 10);
            job.update(TestRules.all(Shop.thirdView(2, 1)));
            job.restart(2);
            job.event(view("u1", 11, 0));
            passMinute(job, 12);
            assertEquals(1, job.matches.size());
        }
    }

    @Test
    void aRuleThatIsWrongIsToldOnceAndTheOldOneRunsOn() throws Exception {
        String wrong = "{\"id\": \"views\", \"revision\": 2, \"when\": {\"ge\": [{\"measure\": \"missing\"}, 1]}}";
        try (TestJob job = job(new AlcedoOptions(), Shop.thirdView(1, 1))) {
            job.update(TestRules.all(wrong));
            job.update(TestRules.all(wrong));
            assertStatus(job, "views", 2, "refused");
            assertEquals(
                    1, job.statuses.stream().filter(s -> s.contains("refused")).count(), job.statuses.toString());
            job.event(view("u1", 1, 0));
            passMinute(job, 2);
            assertEquals(1, job.matches.size());
        }
    }

    @Test
    void aHalfWrittenFileStopsNoRule() throws Exception {
        try (TestJob job = job(new AlcedoOptions(), Shop.thirdView(1, 1))) {
            job.update(TestRules.all("{\"id\": \"views\", \"revis"));
            job.event(view("u1", 1, 0));
            passMinute(job, 2);
            assertEquals(1, job.matches.size());
        }
    }

    @Test
    void aRuleThatTheSetLacksIsStopped() throws Exception {
        try (TestJob job = job(new AlcedoOptions(), Shop.thirdView(1, 1), Shop.UNPAID)) {
            job.update(TestRules.all(Shop.UNPAID));
            job.event(view("u1", 1, 0));
            passMinute(job, 2);
            assertEquals(0, job.matches.size());
            assertStatus(job, "views", 1, "stopped");
        }
    }

    @Test
    void aSetThatBecomesEmptyStopsNothingUnlessItMay() throws Exception {
        for (boolean mayBeEmpty : new boolean[] {false, true}) {
            AlcedoOptions options = new AlcedoOptions().rulesMayBeEmpty(mayBeEmpty);
            try (TestJob job = job(options, Shop.thirdView(1, 1))) {
                job.update(TestRules.all());
                job.restart(1); // the guard knows what runs from the state, too
                job.update(TestRules.all());
                job.event(view("u1", 1, 0));
                passMinute(job, 2);
                assertEquals(mayBeEmpty ? 0 : 1, job.matches.size());
            }
        }
    }

    @Test
    void everySubtaskTellsWhatItRuns() throws Exception {
        RuleSource rules = new TestRules(TestRules.all(Shop.THIRD_VIEW));
        try (TestJob job = new TestJob(new AlcedoOptions(), rules, audiences, "hashmap", 2)) {
            job.tick();
            assertEquals(2, job.statuses.size(), job.statuses.toString());
            assertTrue(job.statuses.get(0).contains("\"subtask\":0"), job.statuses.get(0));
            assertTrue(job.statuses.get(1).contains("\"subtask\":1"), job.statuses.get(1));
            assertTrue(job.statuses.get(0).matches(".*\"rules_hash\":\"[0-9a-f]{32}\".*"), job.statuses.get(0));
        }
    }

    @Test
    void everySubtaskSaysThatItIsThereAgainAndAgain() throws Exception {
        AlcedoOptions options = new AlcedoOptions().heartbeat(java.time.Duration.ofSeconds(30));
        RuleSource rules = new TestRules(TestRules.all(Shop.THIRD_VIEW));
        try (TestJob job = new TestJob(options, rules, audiences, "hashmap", 2)) {
            job.tick();
            job.tick(20_000);
            assertEquals(0, heartbeats(job), job.statuses.toString());
            for (int beats = 1; beats <= 3; beats++) {
                job.tick(36_001);
                assertEquals(2 * beats, heartbeats(job), job.statuses.toString());
            }
            String hash = job.statuses.get(0).replaceAll(".*(\"rules_hash\":\"[0-9a-f]{32}\").*", "$1");
            for (int subtask = 0; subtask < 2; subtask++) {
                String beat = "{\"state\":\"alive\",\"subtask\":" + subtask + ",\"subtasks\":2,\"every_ms\":30000,"
                        + hash + "}";
                assertTrue(job.statuses.contains(beat), job.statuses.toString());
            }
            // What it judges by has changed: so says the next one.
            job.update(TestRules.all(Shop.UNPAID));
            job.restart(1);
            job.tick(36_001);
            String last = job.statuses.get(job.statuses.size() - 1);
            assertTrue(AlcedoStreams.isHeartbeat(last) && !last.contains(hash), last);
            assertTrue(last.matches(".*\"rules_hash\":\"[0-9a-f]{32}\"}"), last);
        }
        try (TestJob silent = new TestJob(new AlcedoOptions(), rules, audiences, "hashmap", 1)) {
            silent.tick(86_400_000);
            assertEquals(0, heartbeats(silent));
        }
    }

    private static long heartbeats(TestJob job) {
        return job.statuses.stream().filter(AlcedoStreams::isHeartbeat).count();
    }

    @Test
    void aRuleWaitsForItsAudience() throws Exception {
        try (TestJob job = job(new AlcedoOptions(), VIP_VIEW)) {
            job.event(view("u1", 1, 0));
            passMinute(job, 2);
            assertEquals(0, job.matches.size());
            assertStatus(job, "vip", 1, "waiting");

            audiences.put("vips", Audience.ofUsers("vips", List.of("u1")).members());
            job.update(TestRules.all(VIP_VIEW));
            assertStatus(job, "vip", 1, "live");
            job.event(view("u1", 3, 1));
            job.event(view("u2", 3, 2));
            passMinute(job, 4);
            assertEquals(1, job.matches.size());

            audiences.put("vips", Audience.ofUsers("vips", List.of("u2")).members());
            job.update(TestRules.all(VIP_VIEW));
            job.event(view("u1", 5, 3));
            job.event(view("u2", 5, 4));
            passMinute(job, 6);
            assertEquals("u2", job.matches.get(1).user());
            assertEquals(2, job.matches.size());
        }
    }

    @Test
    void aRestoredJobFailsWithoutItsAudienceAndNamesIt() throws Exception {
        audiences.put("vips", Audience.ofUsers("vips", List.of("u1")).members());
        OperatorSubtaskState state;
        try (TestJob job = job(new AlcedoOptions(), VIP_VIEW)) {
            state = job.snapshot();
        }
        AlcedoOptions impatient = new AlcedoOptions().audiencesTimeout(Duration.ofMillis(300));
        RuleSource rules = new TestRules(TestRules.all(VIP_VIEW));
        try (TestJob job = new TestJob(impatient, rules, AudienceSource.none(), "hashmap", 1)) {
            IllegalStateException failed = assertThrows(IllegalStateException.class, () -> job.restore(state, 1));
            assertTrue(failed.getMessage().contains("\"vips\""), failed.getMessage());
            assertTrue(failed.getMessage().contains("Cure"), failed.getMessage());
        }
    }

    @Test
    void aRestoredJobGoesOnWhileARuleWaits() throws Exception {
        AlcedoOptions impatient = new AlcedoOptions().audiencesTimeout(Duration.ofMillis(300));
        try (TestJob job = job(impatient, VIP_VIEW, Shop.thirdView(1, 1))) {
            job.restart(1);
            job.event(view("u1", 1, 0));
            passMinute(job, 2);
            assertEquals(List.of("views"), rules(job));

            audiences.put("vips", Audience.ofUsers("vips", List.of("u1")).members());
            job.restart(1);
            assertStatus(job, "vip", 1, "live");
            job.event(view("u1", 3, 1));
            passMinute(job, 4);
            assertEquals(List.of("views", "vip"), rules(job));
        }
    }

    @Test
    void theFirstSetOfRulesIsWaitedFor() throws Exception {
        LateRules.looks = 0;
        try (TestJob job = new TestJob(new AlcedoOptions(), new LateRules(), audiences, "hashmap", 1)) {
            assertEquals(3, LateRules.looks);
            job.event(view("u1", 1, 0));
            passMinute(job, 2);
            assertEquals(List.of("views"), rules(job));
        }
    }

    /** Cannot be read twice, and then can. */
    private static final class LateRules implements RuleSource {
        private static final long serialVersionUID = 1;

        static int looks;

        @Override
        public RulesUpdate read() throws IOException {
            looks++;
            if (looks < 3) {
                throw new IOException("the place is not there yet");
            }
            return TestRules.all(Shop.thirdView(1, 1));
        }

        @Override
        public String describe() {
            return "a place that comes late";
        }
    }

    @Test
    void theEndHolds() throws Exception {
        assertEquals(List.of("views"), atTheEnd(new AlcedoOptions()));
    }

    @Test
    void theEndFires() throws Exception {
        AlcedoOptions options = new AlcedoOptions().endOfInput(AlcedoOptions.EndOfInput.FIRE);
        assertEquals(List.of("unpaid", "views"), atTheEnd(options));
    }

    @Test
    void theEndIsUntil() throws Exception {
        assertEquals(List.of(), atTheEnd(new AlcedoOptions().until(Shop.BEGIN + 9 * Shop.MINUTE)));
        assertEquals(List.of("views"), atTheEnd(new AlcedoOptions().until(Shop.BEGIN + 10 * Shop.MINUTE)));
        assertEquals(List.of("unpaid", "views"), atTheEnd(new AlcedoOptions().until(Shop.BEGIN + 15 * Shop.MINUTE)));
    }

    /** An order at minute 0 whose deadline is minute 15, a view at minute 10, then the end; more users than the cache. */
    private List<String> atTheEnd(AlcedoOptions options) throws Exception {
        try (TestJob job = job(options.cacheUsers(3), Shop.thirdView(1, 1), Shop.UNPAID)) {
            for (int i = 0; i < 10; i++) {
                job.event(view("other" + i, 200, i)); // beyond every `until`
            }
            job.event(order("u1", 0, 10));
            job.event(view("u1", 10, 11));
            for (int i = 0; i < 10; i++) {
                job.event(view("other" + i, 201, 20 + i));
            }
            job.watermark(Long.MAX_VALUE);
            return job.matches.stream()
                    .filter(match -> match.user().equals("u1"))
                    .map(MatchRecord::rule)
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    @Test
    void whatCanNoLongerMatterIsForgotten() throws Exception {
        try (TestJob job = job(new AlcedoOptions(), Shop.thirdView(1, 3))) {
            for (int i = 0; i < 20; i++) {
                job.event(view("u" + i, 0, i));
            }
            passMinute(job, 1);
            job.snapshot();
            assertEquals(20, job.users());
            passMinute(job, 24 * 60);
            job.snapshot();
            assertEquals(0, job.users());
        }
    }

    private static void assertStatus(TestJob job, String rule, int revision, String state) throws Exception {
        job.tick();
        String part = "\"rule\":\"" + rule + "\",\"revision\":" + revision;
        assertTrue(
                job.statuses.stream().anyMatch(s -> s.contains(part) && s.contains("\"state\":\"" + state + "\"")),
                "no status " + state + " of " + rule + " revision " + revision + " in " + job.statuses);
    }
}
