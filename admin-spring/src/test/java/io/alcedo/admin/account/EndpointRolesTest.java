package io.alcedo.admin.account;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.alcedo.admin.ServiceTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Every endpoint with every role: {@code endpoints.csv} says from which role on it is allowed. */
class EndpointRolesTest extends ServiceTest {
    /** Persons' roles, each with all rights of those before it. */
    private static final List<Role> ASCENDING = List.of(Role.VIEWER, Role.EDITOR, Role.APPROVER, Role.ADMIN);

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    private RequestMappingHandlerMapping mappings;

    @Test
    void everyEndpointIsInTheTable() {
        List<String> found = new ArrayList<>();
        mappings.getHandlerMethods().forEach((mapping, handler) -> {
            if (handler.getBeanType().getName().startsWith("io.alcedo")) {
                for (RequestMethod method : mapping.getMethodsCondition().getMethods()) {
                    mapping.getPatternValues().forEach(path -> found.add(method + " " + path));
                }
            }
        });
        List<String> sorted = found.stream().distinct().sorted().toList();
        assertEquals(String.join("\n", table().keySet()), String.join("\n", sorted));
    }

    @Test
    void everyRoleMayWhatTheTableSaysAndNothingElse() {
        List<String> wrong = new ArrayList<>();
        table().forEach((endpoint, from) -> {
            for (Role role : Role.values()) {
                check(endpoint, from, role, wrong);
            }
            if (!from.equals("anyone")) {
                int status = status(ask(endpoint, null));
                if (status != 401 && status != 403) {
                    wrong.add(endpoint + " answers " + status + " to whoever is not signed in");
                }
            }
        });
        assertEquals("", String.join("\n", wrong));
    }

    private void check(String endpoint, String from, Role role, List<String> wrong) {
        boolean allowed = from.equals("anyone")
                || from.equals(role.text())
                || role != Role.ENGINE
                        && !from.equals("engine")
                        && ASCENDING.indexOf(role) >= ASCENDING.indexOf(Role.valueOf(from.toUpperCase()));
        int status = status(ask(endpoint, role));
        if (allowed == (status == 403) || status == 401 && !endpoint.endsWith("/session")) {
            wrong.add(endpoint + " answers " + status + " to " + role.text());
        }
    }

    /** A request that finds nothing and changes nothing, wherever it is let in. */
    private HttpRequest.Builder ask(String endpoint, Role role) {
        String[] words = endpoint.split(" ");
        String path = words[1].replaceAll("\\{[^}]*}", "999999999");
        HttpRequest.Builder request = role == null ? request(path) : as(role, path);
        return request.header("Content-Type", "application/json")
                .method(words[0], words[0].equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("{}"));
    }

    private static TreeMap<String, String> table() {
        TreeMap<String, String> table = new TreeMap<>();
        try (var in = EndpointRolesTest.class.getResourceAsStream("/endpoints.csv")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .forEach(line -> {
                        String[] cells = line.split(",");
                        table.put(cells[0] + " " + cells[1], cells[2]);
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table;
    }
}
