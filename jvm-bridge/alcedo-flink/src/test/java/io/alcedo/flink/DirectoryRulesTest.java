package io.alcedo.flink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules and audiences in directories, and looking at them again and again. */
class DirectoryRulesTest {
    @TempDir
    Path folder;

    @Test
    void allJsonFilesByName() throws Exception {
        Files.writeString(folder.resolve("b.json"), "B");
        Files.writeString(folder.resolve("a.json"), "A");
        Files.writeString(folder.resolve(".a.json"), "an editor's");
        Files.writeString(folder.resolve("readme.txt"), "no rule");
        RulesUpdate set = new DirectoryRules(folder.toString()).read();
        assertTrue(set.complete());
        assertArrayEquals(new String[] {"a.json", "b.json"}, set.f1);
        assertArrayEquals(new String[] {"A", "B"}, set.f2);
    }

    @Test
    void aFileThatIsNoTextIsStillADocument() throws Exception {
        Files.write(folder.resolve("a.json"), new byte[] {'{', (byte) 0xff, '}'});
        RulesUpdate set = new DirectoryRules(folder.toString()).read();
        assertEquals("This file cannot be read: it is not UTF-8", set.text(0));
    }

    @Test
    void aFirstSetThatDoesNotComeIsAnErrorWithItsCure() {
        AlcedoOptions options = new AlcedoOptions().rulesTimeout(Duration.ofMillis(300));
        RuleSource missing = new DirectoryRules(folder.resolve("missing").toString());
        IllegalStateException failed = assertThrows(
                IllegalStateException.class, () -> RulesInForce.first(missing, AudienceSource.none(), options, 0, 1));
        assertTrue(failed.getMessage().contains(folder.resolve("missing").toString()), failed.getMessage());
        assertTrue(failed.getMessage().contains("Cure"), failed.getMessage());
    }

    @Test
    void anAudienceIsAFileAndItsVersionChangesWithIt() throws Exception {
        AudienceSource audiences = new DirectoryAudiences(folder.toString());
        assertNull(audiences.load("vips"));
        assertEquals("", audiences.version("vips"));
        String before = audiences.version();

        Files.write(folder.resolve("vips.audience"), new byte[] {1, 2, 3});
        try (InputStream members = audiences.load("vips")) {
            assertArrayEquals(new byte[] {1, 2, 3}, members.readAllBytes());
        }
        assertFalse(audiences.version("vips").isEmpty());
        assertNotEquals(before, audiences.version());
        assertNull(audiences.load("../" + folder.getFileName() + "/vips"), "an id leads nowhere else");
    }

    @Test
    void aLookTellsWhatChangedAndOnlyThat() throws Exception {
        List<RulesUpdate> told = new ArrayList<>();
        RulesLook look = new RulesLook(
                new DirectoryRules(folder.toString()), new DirectoryAudiences(folder.toString()), told::add);
        look.run();
        assertEquals(1, told.size(), "the first look tells the set");
        look.run();
        assertEquals(1, told.size());
        Files.writeString(folder.resolve("a.json"), "A");
        look.run();
        assertEquals(2, told.size());
        Files.writeString(folder.resolve("vips.audience"), "members");
        look.run();
        assertEquals(3, told.size(), "an audience came");
        Files.delete(folder.resolve("a.json"));
        look.run();
        assertEquals(0, told.get(3).size());
    }

    @Test
    void aDirectoryThatCannotBeReadStopsNoRule() throws Exception {
        List<RulesUpdate> told = new ArrayList<>();
        RuleSource broken = new RuleSource() {
            @Override
            public RulesUpdate read() throws IOException {
                throw new IOException("the mount is away");
            }

            @Override
            public String describe() {
                return "a broken mount";
            }
        };
        new RulesLook(broken, AudienceSource.none(), told::add).run();
        assertEquals(List.of(), told);
    }
}
