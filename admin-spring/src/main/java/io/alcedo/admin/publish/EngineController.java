package io.alcedo.admin.publish;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/** What jobs fetch. */
@RestController
@RequestMapping("/engine")
@Tag(name = "engine")
class EngineController {
    private final PublishedRules rules;

    EngineController(PublishedRules rules) {
        this.rules = rules;
    }

    @GetMapping(value = "/rules", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "fetchRules",
            summary = "The complete set of published rules, a JSON list; 304 where If-None-Match still names it")
    DeferredResult<ResponseEntity<byte[]>> rules(
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) String known,
            @RequestParam(defaultValue = "0")
                    @Min(0)
                    @Max(25)
                    @Parameter(description = "seconds to wait for a change before 304 is answered")
                    int wait) {
        return rules.answer(known, wait);
    }
}
