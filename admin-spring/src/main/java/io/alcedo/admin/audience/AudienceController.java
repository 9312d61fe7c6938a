package io.alcedo.admin.audience;

import io.alcedo.admin.account.Actor;
import io.alcedo.admin.account.CurrentActor;
import io.alcedo.admin.api.Page;
import io.alcedo.admin.api.Slice;
import io.alcedo.admin.replay.ReplayPlaces;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.SortedSet;
import java.util.TreeSet;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Audiences, and the tags that they are resolved against. */
@RestController
@RequestMapping("/api")
@Tag(name = "audiences")
class AudienceController {
    private static final String PARQUET = "application/vnd.apache.parquet";
    /** One operation in the description: a kind of file is a kind of its body. */
    private static final String UPLOAD =
            "Users' tags: a table with a column `user`, or JSON objects with that member; all of it is taken, or nothing";

    /** Characters of a line: an id is at most 128 bytes. */
    private static final int USER = 256;
    /** So many ids and the sorted set of them are some 500 MiB at most. */
    private static final int MEMBERS = 2_000_000;

    private final AudienceService audiences;
    private final TagUpload uploads;
    private final ReplayPlaces places;

    AudienceController(AudienceService audiences, TagUpload uploads, ReplayPlaces places) {
        this.places = places;
        this.audiences = audiences;
        this.uploads = uploads;
    }

    @GetMapping("/audiences")
    @Operation(operationId = "listAudiences", summary = "Audiences, by id, each as its present version is")
    Page<Audience> list(@Valid @ParameterObject Slice slice) {
        return audiences.list(slice);
    }

    @GetMapping("/audiences/{id}")
    @Operation(operationId = "getAudience", summary = "One audience")
    Audience get(@PathVariable String id) {
        return audiences.get(id);
    }

    @GetMapping("/audiences/{id}/versions")
    @Operation(operationId = "listAudienceVersions", summary = "All its versions, the newest first")
    Page<Audience> versions(@PathVariable String id, @Valid @ParameterObject Slice slice) {
        return audiences.versions(id, slice);
    }

    @PostMapping("/audiences/preview")
    @Operation(operationId = "previewAudience", summary = "How many a profile selects, and 20 of them; nothing is kept")
    AudienceService.Preview preview(@Valid @RequestBody Profile wanted) {
        return places.in(() -> audiences.preview(wanted.profile));
    }

    @PostMapping("/audiences/{id}/refresh")
    @Operation(
            operationId = "refreshAudience",
            summary = "Resolve it again; a version is added only if something differs")
    Audience refresh(@PathVariable String id, @CurrentActor Actor actor) {
        return audiences.refresh(id, actor);
    }

    @PutMapping(path = "/audiences/{id}/members", consumes = "text/csv")
    @Operation(operationId = "putMembers", summary = "Members from outside: a user id a line")
    Audience members(
            @PathVariable @Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}") String id,
            InputStream body,
            @CurrentActor Actor actor)
            throws IOException {
        SortedSet<String> users = new TreeSet<>();
        BoundedLines in = new BoundedLines(reader(body), USER);
        for (String line = in.next(); line != null; line = in.next()) {
            if (!line.isBlank()) {
                users.add(line.strip());
            }
            if (users.size() > MEMBERS) {
                throw in.refused("there are more than " + MEMBERS + " users");
            }
        }
        return audiences.members(id, users, actor);
    }

    @PostMapping(path = "/tags", consumes = "text/csv")
    @Operation(operationId = "uploadTags", summary = UPLOAD)
    TagUpload.Uploaded csv(
            InputStream body, @RequestParam(defaultValue = "false") boolean replace, @CurrentActor Actor actor)
            throws IOException {
        return uploads.csv(reader(body), replace, actor);
    }

    @PostMapping(path = "/tags", consumes = "application/x-ndjson")
    @Operation(operationId = "uploadTags", summary = UPLOAD)
    TagUpload.Uploaded lines(
            InputStream body, @RequestParam(defaultValue = "false") boolean replace, @CurrentActor Actor actor)
            throws IOException {
        return uploads.lines(reader(body), replace, actor);
    }

    @PostMapping(path = "/tags", consumes = PARQUET)
    @Operation(operationId = "uploadTags", summary = UPLOAD)
    TagUpload.Uploaded parquet(
            InputStream body, @RequestParam(defaultValue = "false") boolean replace, @CurrentActor Actor actor)
            throws IOException {
        // Its end says where all the rest of it is.
        Path file = Files.createTempFile("alcedo-tags-", ".parquet");
        try {
            Files.copy(body, file, StandardCopyOption.REPLACE_EXISTING);
            return uploads.parquet(file, replace, actor);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Bytes that are no UTF-8 are an error, not question marks. */
    private static BufferedReader reader(InputStream body) {
        return new BufferedReader(new InputStreamReader(
                body,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
    }

    record Profile(@NotNull @Schema(types = "object") JsonNode profile) {}
}
