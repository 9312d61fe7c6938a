package io.alcedo.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/operators/options.md says what the classes say. */
class OptionsPageTest {
    private static final Path PAGE = Path.of("../../docs/operators/options.md");

    @Test
    void thePageIsUpToDate() throws Exception {
        String page = OptionsPage.write(JobOptions.spec());
        if (Boolean.getBoolean("alcedo.write")) {
            Files.writeString(PAGE, page);
        }
        assertEquals(
                page,
                Files.readString(PAGE),
                PAGE + " is out of date: run this test (-Dtest=OptionsPageTest) with -Dalcedo.write=true");
    }
}
