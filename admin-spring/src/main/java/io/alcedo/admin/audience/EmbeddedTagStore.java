package io.alcedo.admin.audience;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/** Tags in the service's own database, filled by uploads. */
@Component
class EmbeddedTagStore implements TagStore {
    private static final int ROWS = 2_000;

    private final TagMapper rows;

    EmbeddedTagStore(TagMapper rows) {
        this.rows = rows;
    }

    @Override
    public String batchMark() {
        return rows.mark();
    }

    @Override
    public long users() {
        return rows.users();
    }

    @Override
    public void scan(Set<String> tags, Consumer<String> lines) {
        String after = "";
        while (true) {
            List<UserTags> page = rows.after(after, ROWS);
            if (page.isEmpty()) {
                return;
            }
            StringBuilder piece = new StringBuilder();
            page.forEach(row -> piece.append(row.tags()).append('\n'));
            lines.accept(piece.toString());
            after = page.get(page.size() - 1).userId();
        }
    }

    @Override
    public List<String> some(int users) {
        return rows.after("", users).stream().map(UserTags::tags).toList();
    }

    @Override
    public Optional<String> tags(String user) {
        return Optional.ofNullable(rows.find(user)).map(UserTags::tags);
    }
}
