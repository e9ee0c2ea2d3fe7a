package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The region's rules from outside: each case of {@code booking-cases.csv} is sent to the running hub as SRM, as JSON and as a
 * FHIR Appointment; decision and codes are those of the table, and the three forms agree.
 */
class BookingCasesTest {

    private static final RunningHub HUB = RunningHub.get();

    /**
     * @param stops whether nothing was booked
     * @param codes of every ruling, refusals and notices
     * @param stopping codes of the refusals alone, where the form tells them apart
     */
    private record Said(boolean stops, Set<String> codes, Set<String> stopping, String text) {}

    static Stream<Arguments> cases() throws IOException {
        try (Reader in = new InputStreamReader(
                BookingCasesTest.class.getResourceAsStream("booking-cases.csv"), StandardCharsets.UTF_8)) {
            return CSVFormat.RFC4180
                    .builder()
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .get()
                    .parse(in)
                    .getRecords()
                    .stream()
                    .map(row ->
                            Arguments.of(row.get("rule"), row.get("case"), row.get("changes"), row.get("expected")));
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void the_three_forms_get_the_decision_of_the_table(String rule, String name, String changes, String expected) {
        List<String> words = Arrays.asList(expected.split(" "));
        boolean stops = !List.of("ACCEPT", "WARN").contains(words.get(0));
        Set<String> codes = new TreeSet<>(words.subList(1, words.size()));

        Said hl7 = hl7(new BookingSample().with(changes));
        Said json = json(new BookingSample().with(changes));
        Said fhir = fhir(new BookingSample().with(changes));

        for (Said said : List.of(json, hl7, fhir)) {
            assertThat(said.stops()).as(said.text()).isEqualTo(stops);
            assertThat(said.codes()).as(said.text()).containsAll(codes);
        }
        if (stops) {
            assertThat(json.stopping()).as(json.text()).isEqualTo(codes);
        }
        assertThat(hl7.codes()).isEqualTo(json.codes()).isEqualTo(fhir.codes());
    }

    private static Said hl7(BookingSample sample) {
        String answer =
                HUB.mllp(sample.srm(Outside.unique("SRM").replace("-", "").substring(3)));
        Set<String> codes = new TreeSet<>();
        boolean accepted = false;
        for (String segment : answer.split("\r")) {
            String[] fields = segment.split("\\|", -1);
            if (fields[0].equals("MSA")) {
                accepted = fields[1].equals("AA");
            }
            if (fields[0].equals("ERR")) {
                codes.add(fields[5].split("\\^")[0]);
            }
        }
        return new Said(!accepted, codes, Set.of(), answer.replace('\r', '\n'));
    }

    private static Said json(BookingSample sample) {
        HttpResponse<byte[]> answer = HUB.post(
                "/api/v1/bookings",
                "cup",
                "application/json",
                sample.json(),
                "Idempotency-Key",
                Outside.unique("booking"));
        Set<String> codes = new TreeSet<>();
        JsonNode body = HUB.read(answer);
        Set<String> stopping = new TreeSet<>();
        body.path("rulings").forEach(ruling -> {
            codes.add(ruling.path("code").asText());
            if (!ruling.path("decision").asText().equals("WARN")) {
                stopping.add(ruling.path("code").asText());
            }
        });
        if (codes.isEmpty() && answer.statusCode() >= 400) {
            codes.add(body.path("code").asText());
        }
        return new Said(answer.statusCode() != 201, codes, stopping, answer.statusCode() + " " + body.toPrettyString());
    }

    private static Said fhir(BookingSample sample) {
        HttpResponse<byte[]> answer =
                HUB.post("/fhir/Appointment", "cup", "application/fhir+json", sample.fhirAppointment());
        Set<String> codes = new TreeSet<>();
        JsonNode body = HUB.read(answer);
        body.findParents("details").forEach(issue -> issue.path("details")
                .path("coding")
                .forEach(coding -> codes.add(coding.path("code").asText())));
        return new Said(answer.statusCode() != 201, codes, Set.of(), answer.statusCode() + " " + body.toPrettyString());
    }
}
