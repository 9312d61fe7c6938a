package io.alcedo.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.mock.env.MockEnvironment;

/** The data folder is its owner's. */
class PrivateFolderTest {
    @Test
    void aNewFolderIsItsOwnersAndAnOldOneStaysAsItIs(@TempDir Path folder) throws IOException {
        Path made = folder.resolve("some/data");
        prepare(made);
        assertEquals("rwx------", rights(made));
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-x---"));
        prepare(made);
        assertEquals("rwxr-x---", rights(made));
    }

    private static void prepare(Path data) {
        MockEnvironment environment = new MockEnvironment().withProperty("alcedo.data", data.toString());
        new PrivateFolder()
                .onApplicationEvent(new ApplicationEnvironmentPreparedEvent(
                        new DefaultBootstrapContext(), new SpringApplication(), new String[0], environment));
    }

    private static String rights(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
