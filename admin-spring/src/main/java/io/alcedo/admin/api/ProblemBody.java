package io.alcedo.admin.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.springframework.http.ProblemDetail;

/** How every error is answered (RFC 9457, {@code application/problem+json}). */
@Schema(name = "Problem")
public record ProblemBody(
        @Schema(description = "urn:alcedo:problem: and the code", example = "urn:alcedo:problem:version_conflict")
        String type,

        @Schema(description = "The same for every occurrence of the code")
        String title,

        int status,
        @Schema(description = "Place, reason and cure") String detail,

        @Schema(description = "Stable name of the problem", example = "version_conflict")
        ProblemCode code,

        @Schema(description = "What is wrong where, if places are known")
        List<FieldProblem> errors,

        @Schema(description = "version_conflict: the version there is now")
        Integer version,

        @Schema(description = "version_conflict: who made it")
        String updated_by,

        @Schema(description = "version_conflict: when") String updated_at) {

    static ProblemDetail of(ProblemException problem) {
        ProblemDetail body = ProblemDetail.forStatusAndDetail(problem.code().status(), problem.getMessage());
        body.setType(java.net.URI.create("urn:alcedo:problem:" + problem.code().text()));
        body.setTitle(problem.code().title());
        body.setProperty("code", problem.code().text());
        body.setProperty("errors", problem.errors());
        problem.more().forEach(body::setProperty);
        return body;
    }
}
