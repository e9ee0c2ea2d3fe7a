package it.snodo.operations;

import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.converter.ResolvedSchema;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import it.snodo.certificate.CertificateRequest;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The OpenAPI page: what the controllers say of themselves, and the calls that enter a Camel route. */
@Configuration(proxyBeanMethods = false)
class OpenApiDescription {

    @Bean
    OpenAPI snodoApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Snodo")
                        .version("v1")
                        .description("Integrazione tra i sistemi ospedalieri e i servizi regionali."
                                + " I rifiuti sono application/problem+json con un codice stabile SNODO-nnnn.")
                        .license(new License().name("Apache-2.0").url("https://www.apache.org/licenses/LICENSE-2.0")))
                .components(new Components()
                        .addSecuritySchemes(
                                "basic",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("basic"))
                        .addSecuritySchemes(
                                "bearer",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .bearerFormat("JWT")))
                .addSecurityItem(new SecurityRequirement().addList("basic"))
                .addSecurityItem(new SecurityRequirement().addList("bearer"));
    }

    /** {@code POST /certificates} is a Camel route, so springdoc does not see it. */
    @Bean
    OpenApiCustomizer certificateIntake() {
        return api -> {
            ResolvedSchema request = ModelConverters.getInstance(true)
                    .resolveAsResolvedSchema(new AnnotatedType(CertificateRequest.class).resolveAsRef(true));
            request.referencedSchemas.forEach(api.getComponents()::addSchemas);
            Schema<?> accepted = new ObjectSchema()
                    .addProperty("messageId", new IntegerSchema().format("int64"))
                    .addProperty("certificateNumber", new IntegerSchema().format("int64"))
                    .addProperty("documentId", new StringSchema())
                    .addProperty("state", new StringSchema());
            Operation post = new Operation()
                    .operationId("createCertificate")
                    .addTagsItem("certificates")
                    .summary("Richiede un certificato: nuovo, in sostituzione, o l'annullamento")
                    .addParametersItem(new HeaderParameter()
                            .name("Idempotency-Key")
                            .description(
                                    "Identifica la richiesta: la stessa chiave con gli stessi byte non ha un secondo effetto")
                            .schema(new StringSchema()))
                    .requestBody(new RequestBody().required(true).content(json("application/json", request.schema)))
                    .responses(new ApiResponses()
                            .addApiResponse(
                                    "202",
                                    new ApiResponse()
                                            .description("Conservata in modo duraturo")
                                            .content(json("application/json", accepted)))
                            .addApiResponse("409", problem("Identificativo o numero già usato"))
                            .addApiResponse("422", problem("Contenuto rifiutato, un errore per ogni campo"))
                            .addApiResponse("503", problem("Non accettata: inviare di nuovo più tardi")));
            PathItem path = api.getPaths().computeIfAbsent("/api/v1/certificates", p -> new PathItem());
            path.setPost(post);
        };
    }

    private static Content json(String type, Schema<?> schema) {
        return new Content().addMediaType(type, new MediaType().schema(schema));
    }

    private static ApiResponse problem(String description) {
        Schema<?> problem = new ObjectSchema()
                .addProperty("title", new StringSchema())
                .addProperty("status", new IntegerSchema())
                .addProperty("detail", new StringSchema())
                .addProperty("code", new StringSchema().example("SNODO-2003"));
        return new ApiResponse().description(description).content(json("application/problem+json", problem));
    }
}
