package io.alcedo.admin.audience;

import io.alcedo.admin.api.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.DigestUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Audiences as jobs fetch them. */
@RestController
@RequestMapping("/engine/audiences")
@Tag(name = "engine")
class EngineAudienceController {
    private final AudienceService audiences;

    EngineAudienceController(AudienceService audiences) {
        this.audiences = audiences;
    }

    @GetMapping(produces = MediaType.TEXT_PLAIN_VALUE)
    @Operation(operationId = "fetchAudiences", summary = "A line `id sha256:<64 hex digits>` for each audience")
    ResponseEntity<String> list(@RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) String known) {
        String lines = audiences.listForJobs();
        String etag = '"' + DigestUtils.md5DigestAsHex(lines.getBytes(StandardCharsets.UTF_8)) + '"';
        if (etag.equals(known)) {
            return ResponseEntity.status(304).header(HttpHeaders.ETAG, etag).build();
        }
        return ResponseEntity.ok().header(HttpHeaders.ETAG, etag).body(lines);
    }

    @GetMapping(path = "/{name}", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    @Operation(
            operationId = "fetchMembers",
            summary = "Members in the engine's form: the present ones of an audience, or those with this SHA-256")
    ResponseEntity<byte[]> members(@PathVariable String name) {
        Audience audience = audiences.findForJobs(name);
        String sha256 = audience == null ? name : audience.sha256();
        byte[] members = audiences.bytes(sha256);
        if (members == null) {
            throw ProblemException.notFound("audience", name);
        }
        return ResponseEntity.ok().header(HttpHeaders.ETAG, '"' + sha256 + '"').body(members);
    }
}
