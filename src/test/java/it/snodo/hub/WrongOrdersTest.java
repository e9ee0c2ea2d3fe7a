package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator may get wrong: each is answered with a code, an Italian sentence, and the field's name. */
class WrongOrdersTest {

    private static final RunningHub HUB = RunningHub.get();

    private static JsonNode refused(HttpResponse<byte[]> answer, int status) {
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        assertThat(answer.statusCode()).as(text).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(text).doesNotContain("Exception", "java.", "at it.snodo");
        JsonNode problem = HUB.read(answer);
        assertThat(problem.path("code").asText()).matches("SNODO-\\d{4}");
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("detail").asText()).isNotBlank();
        return problem;
    }

    // one more column: the field that "errors" names
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            destinations/FSE/pause     | {"reason":                                    | 400 | riga 1, colonna                | -
            destinations/FSE/pause     | -                                             | 400 | Manca il corpo                 | -
            destinations/FSE/pause     | null                                          | 400 | Manca il corpo                 | -
            destinations/FSE/pause     | []                                            | 400 | un oggetto JSON                | -
            destinations/FSE/pause     | {"reason":"x"} {}                             | 400 | continua dopo la fine          | -
            destinations/FSE/pause     | {}                                            | 400 | motivo (reason)                | -
            destinations/FSE/pause     | {"reason":"  "}                               | 400 | motivo (reason)                | -
            destinations/FSE/pause     | {"reason":"x","until":"domani"}               | 400 | «until» vale «domani»          | until
            destinations/FSE/pause     | {"reason":"x","until":"2026-11-22T18:30:00"}  | 400 | con il fuso                    | until
            destinations/FSE/pause     | {"reason":"x","until":"2020-01-01T00:00:00Z"} | 400 | nel futuro                     | -
            destinations/FSE/pause     | {"reason":"x","untill":"2099-01-01T00:00:00Z"}| 400 | «untill» non esiste            | untill
            destinations/FSE/pause     | {"reason":{"a":1}}                            | 400 | «reason»                       | reason
            destinations/NAS/pause     | {"reason":"x"}                                | 404 | «NAS» non esiste               | -
            destinations/NAS/resume    | -                                             | 404 | «NAS» non esiste               | -
            messages/7/discard         | {}                                            | 400 | motivo (reason)                | -
            messages/7/discard         | {"reason":"x"}                                | 404 | 7                              | -
            messages/x/discard         | {"reason":"x"}                                | 400 | id vale «x»                    | -
            messages/7/repair          | {"reason":"x"}                                | 400 | (request)                      | -
            messages/7/repair          | {"reason":"x","request":[]}                   | 400 | (request)                      | -
            messages/7/replay?dryRun=forse | {"reason":"x"}                            | 400 | dryRun vale «forse»            | -
            messages/7/replay          | -                                             | 404 | 7                              | -
            dead-letters/Q7/replay     | -                                             | 404 | Q7                             | -
            dead-letters/Q..keys/discard | {"reason":"x"}                             | 404 | Q..keys                        | -
            dead-letters/D7/discard    | {"reason":"x"}                               | 409 | messages                       | -
            publications/7777777/retry | -                                             | 404 | 7777777                        | -
            publications/7777777/close | {"reason":"x"}                                | 404 | 7777777                        | -
            publications/7777777/close | {}                                            | 400 | motivo (reason)                | -
            batches                    | {"name":"a/b","action":"replay","ids":[1],"reason":"x"} | 400 | (name)               | -
            batches                    | {"name":"w1","action":"burn","ids":[1],"reason":"x"}    | 400 | action               | -
            batches                    | {"name":"w1","action":"replay","ids":[1]}               | 400 | motivo (reason)      | -
            batches                    | {"name":"w1","action":"replay","ids":["uno"],"reason":"x"} | 400 | «ids[0]» vale «uno»: serve un numero intero | ids[0]
            batches                    | {"name":"w1","action":"replay","ids":[],"reason":"x"}   | 400 | ids                  | -
            batches                    | {"name":"w1","action":"replay","reason":"x"}            | 400 | (ids)                | -
            batches                    | {"name":"w1","action":"replay","ids":[1],"reason":"x","perMinute":0}   | 400 | perMinute | -
            batches                    | {"name":"w1","action":"replay","ids":[1],"reason":"x","perMinute":1.5} | 400 | perMinute | perMinute
            batches                    | {"name":"w1","action":"replay","filter":{"destination":"NAS"},"reason":"x"} | 400 | «NAS» non esiste | -
            batches                    | {"name":"w1","action":"replay","ids":[1],"reason":"a\\u0000b"} | 400 | NUL | -
            batches                    | {"name":"w1","action":"replay","filter":{"since":"ieri"},"reason":"x"} | 400 | «filter.since» vale «ieri» | filter.since
            """)
    void a_wrong_order_is_refused_with_its_reason(String path, String body, int status, String words, String field) {
        HttpResponse<byte[]> answer = HUB.post(
                "/api/v1/" + path,
                "ops",
                "application/json",
                body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8));

        JsonNode problem = refused(answer, status);
        if (words != null) {
            assertThat(problem.path("detail").asText()).contains(words);
        }
        if (field != null) {
            assertThat(problem.path("errors").findValuesAsText("field")).containsExactly(field);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            messages?from=ieri                        | 400 | from vale «ieri»
            messages?from=2026-11-22T10:00:00+01:00   | 400 | %2B
            messages?state=BOH                        | 400 | «state» vale «BOH»
            messages?certificateNumber=sette          | 400 | certificateNumber vale «sette»
            messages?next=%21%21                      | 400 | «next»
            messages?q=%00                            | 400 | NUL
            messages?controlId=a%00b                  | 400 | NUL
            messages/7                                | 404 | 7
            messages/99999999999999999999             | 400 | id vale
            messages/7/content                        | 404 | 7
            messages/7/calls                          | 404 | 7
            messages/7/calls/1/request                | 404 | 7
            dead-letters?since=ieri                   | 400 | since vale «ieri»
            dead-letters?destination=NAS              | 400 | «NAS» non esiste
            dead-letters?code=SNODO-1                 | 400 | «SNODO-1»
            dead-letters?next=%21%21                  | 400 | next
            publications?destination=NAS              | 400 | FSE
            publications?state=BOH                    | 400 | WAITING
            batches/nessuno                           | 404 | «nessuno»
            """)
    void a_wrong_question_is_refused_with_its_reason(String path, int status, String words) {
        JsonNode problem = refused(HUB.get("/api/v1/" + path, "ops"), status);

        assertThat(problem.path("detail").asText()).contains(words);
    }
}
