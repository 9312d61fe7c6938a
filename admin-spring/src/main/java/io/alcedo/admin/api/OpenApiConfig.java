package io.alcedo.admin.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.converter.ResolvedSchema;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.List;
import java.util.TreeMap;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** The description of the API at {@code /openapi}; the console's client is generated from it. */
@Configuration
class OpenApiConfig {
    static {
        SpringDocUtils.getConfig().replaceWithSchema(JsonNode.class, new Schema<>());
    }

    @Bean
    OpenAPI description() {
        return new OpenAPI()
                .info(new Info()
                        .title("Alcedo's service")
                        .version("0.1.0")
                        .description("Rules, audiences, publication. Errors are problem details with a stable `code`;"
                                + " see docs/guide/admin.md.")
                        .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
                .components(new Components()
                        .addSecuritySchemes(
                                "token",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer"))
                        .addSecuritySchemes(
                                "session",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.APIKEY)
                                        .in(SecurityScheme.In.COOKIE)
                                        .name("ALCEDO_SESSION")))
                .addSecurityItem(new SecurityRequirement().addList("token"))
                .addSecurityItem(new SecurityRequirement().addList("session"));
    }

    /**
     * Names as Jackson 3 writes them; the description is made with Jackson 2, which knows nothing of its settings. The
     * mapper is one of its own: with the one that writes the description OpenAPI's own words would be renamed too.
     */
    @Bean
    ModelResolver snakeCase() {
        ObjectMapper names = Json31.mapper().copy();
        names.setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
        return new ModelResolver(names).openapi31(true);
    }

    /** What holds for every operation: problems, and idempotency keys on writes. Everything in one order. */
    @Bean
    OpenApiCustomizer everyOperation() {
        return api -> {
            ResolvedSchema problem = ModelConverters.getInstance(true)
                    .resolveAsResolvedSchema(new AnnotatedType(ProblemBody.class).resolveAsRef(false));
            api.getComponents().addSchemas("Problem", problem.schema);
            problem.referencedSchemas.forEach(api.getComponents()::addSchemas);
            api.getComponents().setSchemas(new TreeMap<>(api.getComponents().getSchemas()));
            api.setServers(List.of());
            api.getPaths().forEach((path, item) -> item.readOperationsMap().forEach((method, operation) -> {
                problems(operation);
                if (path.startsWith("/api/") && method != PathItem.HttpMethod.GET) {
                    operation.addParametersItem(new HeaderParameter()
                            .name(IdempotencyFilter.HEADER)
                            .description("the same key with the same request gets the first answer again")
                            .schema(new StringSchema()
                                    .minLength(1)
                                    .maxLength(128)
                                    .pattern("^[!-~]+$")));
                }
            }));
        };
    }

    private static void problems(Operation operation) {
        Content content = new Content()
                .addMediaType(
                        "application/problem+json",
                        new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem")));
        operation
                .getResponses()
                .addApiResponse(
                        "4XX",
                        new ApiResponse()
                                .description("Refused; `code` says why")
                                .content(content));
        operation
                .getResponses()
                .addApiResponse("5XX", new ApiResponse().description("Failed").content(content));
    }
}
