package io.alcedo.admin.audience;

import io.alcedo.admin.account.Actor;
import io.alcedo.admin.api.FieldProblem;
import io.alcedo.admin.api.Page;
import io.alcedo.admin.api.ProblemCode;
import io.alcedo.admin.api.ProblemException;
import io.alcedo.admin.api.Slice;
import io.alcedo.admin.audit.Audit;
import io.alcedo.admin.audit.Audit.Subject;
import io.alcedo.admin.publish.Outbox;
import io.alcedo.admin.publish.RulesSignal;
import io.alcedo.natives.AlcedoException;
import io.alcedo.natives.Selection;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Profiles resolved into members: by the engine, over the tag store. Every version is kept. */
@Service
public class AudienceService {
    private static final Logger LOG = LoggerFactory.getLogger(AudienceService.class);
    private static final int TRIES = 3;

    private final AudienceMapper audiences;
    private final TagStore tags;
    private final Outbox outbox;
    private final RulesSignal signal;
    private final Audit audit;
    private final JsonMapper json;
    private final Clock clock;
    private final TransactionTemplate transaction;
    private volatile String refreshedAt = "";

    AudienceService(
            AudienceMapper audiences,
            TagStore tags,
            Outbox outbox,
            RulesSignal signal,
            Audit audit,
            JsonMapper json,
            Clock clock,
            TransactionTemplate transaction) {
        this.audiences = audiences;
        this.tags = tags;
        this.outbox = outbox;
        this.signal = signal;
        this.audit = audit;
        this.json = json;
        this.clock = clock;
        this.transaction = transaction;
    }

    /**
     * The audience of a rule that is to be published, null for everyone. A profile is resolved now, so that the rule
     * does not wait for it; jobs hear of it when it is kept.
     */
    public Resolved of(JsonNode audience) {
        if (!audience.isObject()) {
            return null;
        }
        if (audience.path("profile").isObject()) {
            return resolve(audience);
        }
        String id = audience.path("id").asString(null);
        return id == null ? null : new Resolved(id, null, null, null);
    }

    /**
     * Keeps what was resolved for a rule, in the transaction that publishes it: before that was allowed, nobody whom
     * another rule reaches may change.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void keepFor(String ruleId, Resolved resolved, Actor actor) {
        if (resolved.found() == null) {
            return; // its members are there, or come from outside
        }
        audiences.lock(resolved.id());
        Audience before = audiences.find(resolved.id());
        JsonNode profile = resolved.audience().path("profile");
        boolean another = before != null
                && (before.profile() == null || !json.readTree(before.profile()).equals(profile));
        List<String> others = another
                ? outbox.runningWith(resolved.id()).stream()
                        .filter(id -> !id.equals(ruleId))
                        .toList()
                : List.of();
        if (!others.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.IN_USE,
                    "Audience \"" + resolved.id() + "\" is another one already, and rule \"" + others.get(0)
                            + "\" runs with it: give this one another id, or leave its profile out.",
                    List.of(new FieldProblem("/definition/audience/id", "it is in use with other members")));
        }
        keep(resolved, actor);
    }

    /** Who a profile would select now; nothing is kept. */
    Preview preview(JsonNode profile) {
        ObjectNode audience = json.createObjectNode();
        audience.set("profile", profile);
        Resolved resolved = resolve(audience);
        Selection.Selected found = resolved.found();
        return new Preview(found.users(), found.examples(), tags.users(), resolved.mark());
    }

    Page<Audience> list(Slice slice) {
        return Page.of(audiences.list(slice), audiences.count(), slice);
    }

    Audience get(String id) {
        Audience audience = audiences.find(id);
        if (audience == null) {
            throw ProblemException.notFound("audience", id);
        }
        return audience;
    }

    Page<Audience> versions(String id, Slice slice) {
        return Page.of(audiences.versions(id, slice), get(id).number(), slice);
    }

    /** Resolves an audience again. */
    Audience refresh(String id, Actor actor) {
        Audience audience = get(id);
        if (audience.profile() == null) {
            throw new ProblemException(
                    ProblemCode.STATE_FORBIDS,
                    "Audience \"" + id + "\" has no profile: its members come from outside, upload them again.");
        }
        ObjectNode wanted = json.createObjectNode().put("id", id);
        wanted.set("profile", json.readTree(audience.profile()));
        keep(resolve(wanted), actor);
        return get(id);
    }

    /** Members from outside, which take the place of those that were there. */
    Audience members(String id, SortedSet<String> users, Actor actor) {
        byte[] members;
        try {
            members = io.alcedo.natives.Audience.ofUsers(id, users).members();
        } catch (AlcedoException e) {
            throw new ProblemException(ProblemCode.DATA_REFUSED, e.getMessage());
        }
        List<String> examples = users.stream().limit(20).toList();
        keep(id, null, members, users.size(), examples, "upload", actor);
        return get(id);
    }

    /** The members that jobs have under this id; null: none. */
    public byte[] present(String id) {
        Audience audience = audiences.find(id);
        return audience == null ? null : bytes(audience.sha256());
    }

    /** Whom a rule's profile selects now, if the audience is of this id; null: it is not. Nothing is kept. */
    public byte[] resolveFor(String id, JsonNode audience) {
        if (!audience.path("profile").isObject()) {
            return null;
        }
        Selection.Selected found = resolve(audience).found();
        return found.id().equals(id) ? found.members() : null;
    }

    /** How many users a rule's audience has now; null: everyone, or members that are not there yet. Nothing is kept. */
    public Long sizeOf(JsonNode audience) {
        if (audience.path("profile").isObject()) {
            return resolve(audience).found().users();
        }
        Audience known =
                audience.isObject() ? audiences.find(audience.path("id").asString("")) : null;
        return known == null ? null : Long.valueOf(known.users());
    }

    /** What was kept of a set of users; null: nothing. */
    byte[] bytes(String sha256) {
        AudienceMapper.Members members = audiences.members(sha256);
        return members == null ? null : members.members();
    }

    /** What jobs are told about: a line {@code id sha256:...} each. */
    String listForJobs() {
        StringBuilder lines = new StringBuilder();
        for (Audience audience : audiences.all()) {
            lines.append(audience.id())
                    .append(" sha256:")
                    .append(audience.sha256())
                    .append('\n');
        }
        return lines.toString();
    }

    Audience findForJobs(String id) {
        return audiences.find(id);
    }

    /** When another batch of tags is complete, whatever runs with a profile is resolved again. */
    @Scheduled(fixedDelayString = "${alcedo.audiences.look:10s}", initialDelayString = "${alcedo.audiences.look:10s}")
    void refreshWhenTagsCame() {
        String mark = tags.batchMark();
        if (mark.equals(refreshedAt)) {
            return;
        }
        for (Audience audience : audiences.all()) {
            boolean old = audience.profile() != null && !audience.batchMark().equals(mark);
            if (old && !outbox.runningWith(audience.id()).isEmpty()) {
                try {
                    refresh(audience.id(), Actor.SERVICE);
                } catch (ProblemException e) {
                    LOG.warn(
                            "Audience {} is not refreshed, its version {} stays: {}",
                            audience.id(),
                            audience.number(),
                            e.getMessage());
                }
            }
        }
        refreshedAt = mark;
    }

    /** Asks the engine about every user; again if another batch came meanwhile, so that no audience is of two. */
    private Resolved resolve(JsonNode audience) {
        ObjectNode rule = json.createObjectNode().put("id", "audience").put("revision", 1);
        rule.set("audience", audience);
        rule.putObject("trigger").putObject("on").put("event", "any");
        String document = json.writeValueAsString(rule);
        Set<String> names = new TreeSet<>();
        tagNames(audience.path("profile"), names);
        for (int i = 0; i < TRIES; i++) {
            String mark = tags.batchMark();
            Selection.Selected found = select(document, names);
            if (mark.equals(tags.batchMark())) {
                return new Resolved(found.id(), audience, found, mark);
            }
        }
        throw new ProblemException(
                ProblemCode.UNAVAILABLE,
                "The tags change faster than they can be read: try again when the upload is over.");
    }

    private Selection.Selected select(String document, Set<String> names) {
        try (Selection selection = Selection.open(document)) {
            tags.scan(names, selection::add);
            return selection.finish();
        } catch (AlcedoException e) {
            throw new ProblemException(
                    ProblemCode.RULE_REFUSED,
                    "The profile cannot be resolved: " + e.getMessage(),
                    List.of(new FieldProblem("/audience/profile", e.getMessage())));
        }
    }

    private static void tagNames(JsonNode node, Set<String> names) {
        if (node.isObject() && node.size() == 1 && node.path("tag").isString()) {
            names.add(node.path("tag").asString());
        }
        node.forEach(child -> tagNames(child, names));
    }

    private void keep(Resolved resolved, Actor actor) {
        Selection.Selected found = resolved.found();
        keep(
                found.id(),
                json.writeValueAsString(resolved.audience().path("profile")),
                found.members(),
                found.users(),
                found.examples(),
                resolved.mark(),
                actor);
    }

    private void keep(
            String id, String profile, byte[] members, long users, List<String> examples, String mark, Actor actor) {
        String sha256 = sha256(members);
        transaction.executeWithoutResult(status -> {
            audiences.lock(id);
            Audience before = audiences.find(id);
            if (before != null
                    && before.sha256().equals(sha256)
                    && before.batchMark().equals(mark)
                    && java.util.Objects.equals(before.profile(), profile)) {
                return; // nothing differs
            }
            if (audiences.hasMembers(sha256) == 0) {
                audiences.insertMembers(sha256, members);
            }
            int number = before == null ? 1 : before.number() + 1;
            audiences.insertVersion(new Audience(
                    id,
                    profile,
                    number,
                    sha256,
                    users,
                    json.writeValueAsString(examples),
                    mark,
                    actor.name(),
                    clock.instant()));
            if (before == null) {
                audiences.insert(id, profile, clock.instant());
            } else {
                audiences.point(id, profile, number);
            }
            audit.note(
                    actor, "audience_resolved", Subject.AUDIENCE, id, number, Map.of("users", users, "sha256", sha256));
            signal.afterCommit();
        });
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** Who a profile selects. */
    record Preview(long users, List<String> examples, long of, String batchMark) {}

    /**
     * An audience at one moment.
     *
     * @param audience as the rule has it; null, as all that follows: it has no profile
     * @param mark of the batch of tags that it was resolved against
     */
    public record Resolved(String id, JsonNode audience, Selection.Selected found, String mark) {}
}
