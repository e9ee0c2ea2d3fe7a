package it.snodo.publication.fse;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.fault.SnodoCode;
import it.snodo.publication.Answer;
import it.snodo.publication.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every problem type that the published dispatcher, INI client and status check have a name for. */
class FseRemediesTest {

    private static Answer answer(int status, String type, String detail) {
        return new Answer(status, type, detail, "", "trace", null, null, null, null);
    }

    private static String kind(Outcome outcome) {
        return outcome.getClass().getSimpleName();
    }

    @ParameterizedTest
    @CsvSource({
        "/msg/cda-element, 400, Repair",
        "/msg/validator, 400, Repair",
        "/msg/syntax, 400, Repair",
        "/msg/semantic, 422, Repair",
        "/msg/vocabulary, 400, Repair",
        "/msg/cda-match, 400, Revalidate",
        "/msg/empty-file, 400, Repair",
        "/msg/document-type, 415, Repair",
        "/msg/document-hash, 400, Repair",
        "/msg/mandatory-element, 400, Repair",
        "/msg/invalid-format, 400, Repair",
        "/msg/mandatory-element-token, 403, Repair",
        "/msg/mandatory-element-token, 401, Repair",
        "/msg/jwt-validation, 403, Repair",
        // newer code answers token problems of a publication from another place, with another status
        "/msg/jwt-validation, 400, Repair",
        "/msg/missing-token, 403, Retry",
        "/msg/id-doc, 400, Repair",
        "/msg/wii, 400, Revalidate",
        "/msg/fhir-mapping-type, 400, Repair",
        "/msg/fhir-mapping-timeout, 504, Retry",
        "/msg/generic-timeout, 504, Retry",
        "/msg/workflow-id-error-extraction, 400, Repair",
        "/msg/record-not-found, 404, Retry",
        "/msg/service-error, 500, Retry",
        "/msg/generic-error, 500, Retry",
        "/msg/generic-error, 400, Repair",
        "/msg/ini-error, 500, Retry",
        "/msg/ini-error, 400, Repair",
        "/msg/eds-error, 404, Retry",
        "/msg/max-day-limit-exceed, 400, Revalidate",
        "/msg/simulation-error, 400, Repair",
        "/msg/sign-error, 400, Repair",
        "/msg/mocked-service, 500, Repair",
        "/msg/connection-refused, 500, Retry",
        "/msg/not-implemented, 503, Repair",
        "/msg/unauthorized, 401, Repair",
        "/errors, 500, Retry",
        "/errors/validation, 404, Repair",
        "errors/validation, 404, Repair",
        "/err/validation, 400, Repair",
        "/err/server, 500, Retry"
    })
    void each_type_has_a_remedy_of_its_own_for_a_publication(String type, int status, String expected) {
        Outcome outcome = FseRemedies.of(FseOperation.CREATE, answer(status, type, "parole del gateway"));
        assertThat(kind(outcome)).isEqualTo(expected);
        assertThat(words(outcome))
                .as("not just the status repeated")
                .isNotBlank()
                .doesNotContain("(HTTP");
    }

    private static String words(Outcome outcome) {
        if (outcome instanceof Outcome.Retry retry) {
            return retry.words();
        }
        if (outcome instanceof Outcome.Repair repair) {
            return repair.words();
        }
        if (outcome instanceof Outcome.Revalidate again) {
            return again.words();
        }
        return ((Outcome.Stop) outcome).words();
    }

    @ParameterizedTest
    @EnumSource(FseOperation.class)
    void only_a_publication_can_be_helped_by_a_new_validation(FseOperation operation) {
        for (String type : new String[] {"/msg/cda-match", "/msg/max-day-limit-exceed", "/msg/wii"}) {
            Outcome outcome = FseRemedies.of(operation, answer(400, type, "x"));
            if (!operation.isPublication()) {
                assertThat(outcome).isInstanceOf(Outcome.Repair.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(FseOperation.class)
    void whatever_the_status_there_is_a_remedy_and_a_failed_write_of_a_failing_gateway_is_of_unknown_outcome(
            FseOperation operation) {
        for (int status = 300; status < 600; status++) {
            Outcome outcome =
                    FseRemedies.of(operation, new Answer(status, null, null, null, null, null, null, null, null));
            assertThat(outcome).isNotNull().isNotInstanceOf(Outcome.Done.class);
            if (status >= 500 && outcome instanceof Outcome.Retry retry) {
                assertThat(retry.unknown()).as("%s %d", operation, status).isEqualTo(operation.isWrite());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/err/resource", "/msg/not-found", "/msg/record-not-found"})
    void a_question_about_what_never_arrived_is_no_outage(String type) {
        Outcome.Retry retry =
                (Outcome.Retry) FseRemedies.of(FseOperation.STATUS, answer(404, type, "Record non trovato"));
        assertThat(retry.outage()).isFalse();
        assertThat(retry.code()).isEqualTo(SnodoCode.OUTCOME_UNKNOWN);
    }

    @Test
    void an_index_that_names_a_code_is_quoted_whoever_passes_it_on() {
        for (String type : new String[] {"/msg/ini-error", "/msg/record-not-found"}) {
            Outcome.Repair repair = (Outcome.Repair) FseRemedies.of(
                    FseOperation.METADATA, answer(404, type, "IniException: R227 - codici non coerenti"));
            assertThat(repair.code()).isEqualTo(SnodoCode.INDEX_REFUSED);
            assertThat(repair.words()).contains("(R227)");
        }
    }
}
