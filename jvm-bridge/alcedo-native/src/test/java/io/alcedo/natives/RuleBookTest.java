package io.alcedo.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rules by way of the bridge; what they mean is the vectors' business. */
class RuleBookTest {
    private static final String COFFEE = "{\"id\":\"coffee\",\"revision\":2,\"trigger\":{\"on\":{\"event\":\"a\"}},"
            + "\"audience\":{\"profile\":{\"eq\":[{\"tag\":\"level\"},\"C\"]}}}";

    @AfterEach
    void nothingIsLeftOpen() {
        assertEquals(0, NativeLoader.openHandles());
    }

    private static JsonNode json(String text) throws Exception {
        return Vector.JSON.readTree(text);
    }

    @Test
    void aRuleWaitsForItsAudienceAlsoAfterARestore() throws Exception {
        Audience audience =
                Audience.ofTags(COFFEE, "{\"user\":\"u1\",\"level\":\"C\"}\n\n{\"user\":\"u2\",\"level\":\"B\"}\n");
        byte[] kept;
        String hash;
        try (RuleBook book = RuleBook.open(null)) {
            RuleUpdate update = new RuleUpdate(true, RuleUpdate.AT_START).document("a file", COFFEE);
            assertEquals("waiting", json(book.apply(update)).get(0).get("state").asText());
            assertEquals(List.of(audience.id()), book.audiences());
            book.audience(audience.id(), audience.members());
            JsonNode status = json(book.apply(new RuleUpdate(false, 1000))).get(0);
            assertEquals("live", status.get("state").asText());
            assertEquals("coffee", status.get("rule").asText());
            assertEquals(2, status.get("revision").asInt());
            hash = book.hash();
            assertEquals(32, hash.length());
            assertEquals(hash, json(book.info()).get("hash").asText());
            kept = book.encode();
        }
        try (RuleBook book = RuleBook.open(kept)) {
            assertEquals(List.of(audience.id()), book.audiences());
            book.audience(audience.id(), audience.members());
            assertEquals(0, json(book.apply(new RuleUpdate(false, 1000))).size());
            assertEquals(hash, book.hash());
        }
    }

    @Test
    void whatIsRefusedSaysWhereWhyAndTheCure() throws Exception {
        try (RuleBook book = RuleBook.open(null)) {
            RuleUpdate update = new RuleUpdate(false, 5)
                    .document("one", "{\"id\":\"x\",\"revision\":1,\"nonsense\":2}")
                    .document("two", "not json");
            JsonNode statuses = json(book.apply(update));
            assertEquals("refused", statuses.get(0).get("state").asText());
            assertEquals("one", statuses.get(0).get("source").asText());
            JsonNode problem = statuses.get(0).get("problems").get(0);
            assertEquals("/nonsense", problem.get("path").asText());
            assertTrue(problem.get("cure").asText().length() > 0);
            assertEquals("two", statuses.get(1).get("source").asText());
            assertTrue(statuses.get(1).get("rule").isNull());
        }
    }

    @Test
    void bytesThatAreNoBookOrNoAudienceAreRefused() {
        AlcedoException e = assertThrows(AlcedoException.class, () -> RuleBook.open(new byte[] {1, 2, 3}));
        assertTrue(e.getMessage().contains("the rule book in the job's state"), e.getMessage());
        try (RuleBook book = RuleBook.open(null)) {
            e = assertThrows(AlcedoException.class, () -> book.audience("vip", new byte[] {1}));
            assertTrue(e.getMessage().contains("audience \"vip\""), e.getMessage());
        }
    }

    @Test
    void anAudienceIsFoundByItsNameWhileABookHasIt() {
        // More than one piece.
        Iterable<String> users =
                () -> IntStream.range(0, 200_000).mapToObj(n -> "u" + n).iterator();
        byte[] members = Audience.ofUsers("vip", users).members();
        try (RuleBook two = RuleBook.open(null)) {
            assertFalse(two.share("vip", "vips of today"));
            try (RuleBook one = RuleBook.open(null)) {
                one.audience("vip", "vips of today", new ByteArrayInputStream(members));
                assertTrue(two.share("vip", "vips of today"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            try (RuleBook three = RuleBook.open(null)) {
                assertTrue(three.share("vip", "vips of today"), "the second has it still");
            }
            InputStream broken = new InputStream() {
                @Override
                public int read() throws IOException {
                    throw new IOException("the mount is away");
                }
            };
            assertThrows(IOException.class, () -> two.audience("vip", "", broken));
        }
        assertEquals(0, NativeLoader.openHandles());
        try (RuleBook late = RuleBook.open(null)) {
            assertFalse(late.share("vip", "vips of today"), "the last close frees it");
        }
    }

    @Test
    void validationIsTheEnginesOwn() throws Exception {
        JsonNode good = json(RuleBook.validate(COFFEE));
        assertTrue(good.get("ok").asBoolean(), good.toString());
        assertEquals(
                "coffee", good.get("report").get("rules").get(0).get("rule").asText());
        JsonNode bad = json(RuleBook.validate("{\"id\":\"X\",\"revision\":0}"));
        assertTrue(!bad.get("ok").asBoolean() && bad.get("problems").size() >= 2, bad.toString());
    }

    @Test
    void anAudienceOutOfTagsNeedsAProfile() {
        String everyone = "{\"id\":\"x\",\"revision\":1,\"trigger\":{\"on\":{\"event\":\"a\"}}}";
        AlcedoException e = assertThrows(AlcedoException.class, () -> Audience.ofTags(everyone, ""));
        assertTrue(e.getMessage().contains("is for everyone"), e.getMessage());
        e = assertThrows(AlcedoException.class, () -> Audience.ofTags(COFFEE, "{\"user\":\"u1\"}\n{\"level\":3}"));
        assertTrue(e.getMessage().contains("line 2 of the tags"), e.getMessage());
        e = assertThrows(AlcedoException.class, () -> Audience.ofUsers("x", List.of("u".repeat(129))));
        assertTrue(e.getMessage().contains("at most 128 bytes"), e.getMessage());
    }
}
