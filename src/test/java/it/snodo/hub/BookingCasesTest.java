package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
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
 * The region's rules from outside: each case of {@code booking-cases.csv} and
 * {@code booking-boundaries.csv} is sent to the running hub as SRM, as JSON and as a
 * FHIR Appointment; decision and codes are those of the table, and the three forms agree.
 */
class BookingCasesTest {

    private static final RunningHub HUB = RunningHub.get();
    private static final Set<String> ABOUT_THE_PLACE = Set.of("SC-031", "SC-060a", "SC-083");

    /**
     * @param stops whether nothing was booked
     * @param codes of every ruling, refusals and notices
     * @param stopping codes of the refusals alone, where the form tells them apart
     * @param first what is said first
     */
    private record Said(boolean stops, Set<String> codes, Set<String> stopping, String first, String text) {}

    static Stream<Arguments> cases() {
        return Stream.of("booking-cases.csv", "booking-boundaries.csv").flatMap(BookingCasesTest::cases);
    }

    private static Stream<Arguments> cases(String file) {
        try (Reader in =
                new InputStreamReader(BookingCasesTest.class.getResourceAsStream(file), StandardCharsets.UTF_8)) {
            return CSVFormat.RFC4180
                    .builder()
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .get()
                    .parse(in)
                    .getRecords()
                    .stream()
                    .map(row -> Arguments.of(
                            row.get("rule"),
                            row.get("case"),
                            row.isMapped("earlier") ? row.get("earlier") : "",
                            row.get("changes"),
                            row.get("expected")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @param earlier what the person has booked before, when the case is about that; {@code -} for the same again; {@code LOCAL}
     *     when its CUP has booked it at a desk of its own, and told the hub
     */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void the_three_forms_get_the_decision_of_the_table(
            String rule, String name, String earlier, String changes, String expected) {
        List<String> words = Arrays.asList(expected.split(" "));
        boolean stops = !List.of("ACCEPT", "WARN").contains(words.get(0));
        Set<String> codes = new TreeSet<>(words.subList(1, words.size()));

        Said hl7 = hl7(sample(earlier, changes));
        Said json = json(sample(earlier, changes));
        Said fhir = fhir(sample(earlier, changes));

        for (Said said : List.of(json, hl7, fhir)) {
            assertThat(said.stops()).as(said.text()).isEqualTo(stops);
            assertThat(said.codes()).as(said.text()).containsAll(codes);
        }
        if (stops) {
            assertThat(List.of(hl7.first(), fhir.first())).as(json.text()).containsOnly(json.first());
            assertThat(json.stopping()).as(json.text()).isEqualTo(codes);
        }
        // each form has got a place of its own, and some notices are about the place
        for (Said said : List.of(json, hl7, fhir)) {
            said.codes().removeAll(ABOUT_THE_PLACE);
        }
        assertThat(hl7.codes()).isEqualTo(json.codes()).isEqualTo(fhir.codes());
    }

    /** What is sent, once what was before it stands. */
    private static BookingSample sample(String earlier, String changes) {
        BookingSample sample = new BookingSample();
        if (earlier.isEmpty()) {
            return sample.with(changes);
        }
        if (earlier.equals("LOCAL")) {
            return sample.again().with(changes.replace("{code}", bookedAtItsCup(sample.with(""))));
        }
        HttpResponse<byte[]> answer = HUB.post(
                "/api/v1/bookings",
                "cup",
                "application/json",
                sample.with(earlier.equals("-") ? "" : earlier).json());
        JsonNode booking = HUB.read(answer).path("booking");
        assertThat(answer.statusCode()).as(booking.toPrettyString()).isEqualTo(201);
        String start = booking.path("lines").path(0).path("slot").path("start").asText();
        return sample.again()
                .with(changes.replace("{code}", booking.path("code").asText())
                        .replace("{start}", start.isEmpty() ? "" : start.substring(0, 19)));
    }

    /** @return the code under which the hub knows it */
    private static String bookedAtItsCup(BookingSample sample) {
        String id = Outside.unique("SIU").replace("-", "").substring(3);
        assertThat(HUB.mllp(sample.siu(id))).contains("MSA|AA|" + id);
        JsonNode found = HUB.read(HUB.get(
                "/fhir/Appointment?patient.identifier=http://hl7.it/sid/codiceFiscale%7C"
                        + sample.text("/patient/fiscalCode"),
                "cup"));
        return found.at("/entry/0/resource/id").asText();
    }

    private static Said hl7(BookingSample sample) {
        String answer =
                HUB.mllp(sample.srm(Outside.unique("SRM").replace("-", "").substring(3)));
        Set<String> codes = new TreeSet<>();
        boolean accepted = false;
        String first = "";
        for (String segment : answer.split("\r")) {
            String[] fields = segment.split("\\|", -1);
            if (fields[0].equals("MSA")) {
                accepted = fields[1].equals("AA");
            }
            if (fields[0].equals("ERR")) {
                String code = fields[5].split("\\^")[0];
                first = codes.isEmpty() ? code : first;
                codes.add(code);
            }
        }
        return new Said(!accepted, codes, Set.of(), first, answer.replace('\r', '\n'));
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
        return new Said(
                answer.statusCode() != 201 && answer.statusCode() != 200,
                codes,
                stopping,
                body.path("code").asText(),
                answer.statusCode() + " " + body.toPrettyString());
    }

    private static Said fhir(BookingSample sample) {
        boolean known = !sample.text("/bookingCode").isEmpty();
        HttpResponse<byte[]> answer = known
                ? HUB.put(
                        "/fhir/Appointment/" + sample.text("/bookingCode"),
                        "cup",
                        "application/fhir+json",
                        sample.fhirAppointment())
                : HUB.post("/fhir/Appointment", "cup", "application/fhir+json", sample.fhirAppointment());
        Set<String> codes = new TreeSet<>();
        JsonNode body = HUB.read(answer);
        body.findParents("details").forEach(issue -> issue.path("details")
                .path("coding")
                .forEach(coding -> codes.add(coding.path("code").asText())));
        return new Said(
                answer.statusCode() != 201 && answer.statusCode() != 200,
                codes,
                Set.of(),
                body.at("/issue/0/details/coding/0/code").asText(),
                answer.statusCode() + " " + body.toPrettyString());
    }
}
