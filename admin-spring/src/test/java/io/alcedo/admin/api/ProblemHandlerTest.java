package io.alcedo.admin.api;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What a database does to a request, as whoever asked is told. */
@ExtendWith(OutputCaptureExtension.class)
class ProblemHandlerTest {
    private final MockMvc service = MockMvcBuilders.standaloneSetup(new Failing())
            .setControllerAdvice(new ProblemHandler())
            .build();

    @Test
    void whatIsWorthTryingAgainSaysSo() throws Exception {
        service.perform(get("/fails/raced")).andExpect(status().isConflict());
        for (String locked : new String[] {"locked", "slow"}) {
            service.perform(get("/fails/" + locked))
                    .andExpect(status().isTooManyRequests())
                    .andExpect(header().exists("Retry-After"));
        }
        for (String away : new String[] {"away", "full"}) {
            service.perform(get("/fails/" + away))
                    .andExpect(status().isServiceUnavailable())
                    .andExpect(header().exists("Retry-After"));
        }
    }

    @Test
    void whatWasToBeWrittenIsNotLogged(CapturedOutput log) throws Exception {
        service.perform(get("/fails/wrong")).andExpect(status().isInternalServerError());
        org.junit.jupiter.api.Assertions.assertTrue(log.getAll().contains("22001"), log.getAll());
        org.junit.jupiter.api.Assertions.assertFalse(log.getAll().contains("user-4711"), log.getAll());
    }

    @RestController
    static class Failing {
        @GetMapping("/fails/{how}")
        String fail(@PathVariable("how") String how) {
            throw switch (how) {
                case "raced" -> new DuplicateKeyException("key");
                case "locked" -> new CannotAcquireLockException("lock");
                case "slow" -> new QueryTimeoutException("slow");
                case "away" -> new CannotGetJdbcConnectionException("away");
                case "full" -> new CannotCreateTransactionException("full");
                default ->
                    new DataIntegrityViolationException(
                            "too long", new SQLException("value of user-4711 is too long", "22001"));
            };
        }
    }
}
