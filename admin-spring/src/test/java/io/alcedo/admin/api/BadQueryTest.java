package io.alcedo.admin.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.alcedo.admin.ServiceTest;
import io.alcedo.admin.account.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands behind the question mark may be anything. */
class BadQueryTest extends ServiceTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "=1",
                "%F2%AA%A6%95=",
                "limit=1&=x",
                "search=%c3%28",
                "search=%00",
                "limit=9999999999",
                "offset=-1",
                "state=no"
            })
    void isNeverTheServicesFault(String query) {
        Answer answer = get(Role.VIEWER, "/api/rules?" + query);
        assertEquals(answer.status() / 100 == 2 ? 200 : 400, answer.status(), answer.text());
    }

    @Test
    void aParameterWithoutANameIsNamed() {
        Answer answer = get(Role.VIEWER, "/api/rules?=1").expect(400);
        assertEquals("malformed_request", answer.json().path("code").asString());
    }
}
