package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Wrong certificates, one fault at a time and three at once: each fault is named once, at its place, in Italian, and the
 * three interfaces say the same codes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusalsTest {

    private static final RunningHub HUB = RunningHub.get();
    private static final Outside OUT = new Outside(HUB);

    /**
     * @param value null: the field is removed
     * @param code what every interface answers
     * @param location ERR-2
     * @param fhir false where FHIR has it from elsewhere (the visit's time) or refuses it by its own types
     */
    record Wrong(String path, String value, String code, String location, boolean fhir) {
        Certificate in(Certificate certificate) {
            return certificate.with(path, value);
        }

        @Override
        public String toString() {
            return path + (value == null ? " removed" : " = " + value);
        }
    }

    private static Wrong gone(String path, String code, String location) {
        return new Wrong(path, null, code, location, true);
    }

    private static Wrong bad(String path, String value, String code, String location) {
        return new Wrong(path, value, code, location, true);
    }

    private static Wrong hl7(String path, String value, String code, String location) {
        return new Wrong(path, value, code, location, false);
    }

    static List<Wrong> wrong() {
        return List.of(
                gone("documentNumber", "SNODO-2001", "TXA^1^12"),
                gone("patient.fiscalCode", "SNODO-2001", "PID^1^3"),
                gone("patient.family", "SNODO-2001", "PID^1^5^1^1"),
                gone("patient.given", "SNODO-2001", "PID^1^5^1^2"),
                gone("patient.birthDate", "SNODO-2001", "PID^1^7"),
                gone("patient.gender", "SNODO-2001", "PID^1^8"),
                gone("author.fiscalCode", "SNODO-2001", "TXA^1^5^1^1"),
                gone("author.family", "SNODO-2001", "TXA^1^5^1^2"),
                gone("author.given", "SNODO-2001", "TXA^1^5^1^3"),
                hl7("visitTime", null, "SNODO-2001", "TXA^1^4"),
                gone("exemption", "SNODO-2001", "OBX^^3"),
                gone("diagnosis", "SNODO-2001", "OBX^^3"),
                gone("pathology", "SNODO-2001", "OBX^^3"),
                bad("patient.fiscalCode", "RSSMRA70C04L219Z", "SNODO-2005", "PID^1^3^1"),
                bad("patient.fiscalCode", "RSSMRA70C04", "SNODO-2005", "PID^1^3^1"),
                bad("patient.stp", "STP0000000000X", "SNODO-2005", "PID^1^3^2"),
                bad("patient.family", "-", "SNODO-2002", "PID^1^5^1^1"),
                bad("patient.birthDate", "2030-01-01", "SNODO-2002", "PID^1^7"),
                bad("patient.gender", "Z", "SNODO-2003", "PID^1^8"),
                bad("patient.address.istatCode", "12", "SNODO-2002", "PID^1^11^1^9"),
                bad("patient.birthplace.istatCode", "12", "SNODO-2002", "PID^1^11^2^9"),
                bad("patient.address.postalCode", "101", "SNODO-2002", "PID^1^11^1^5"),
                bad("patient.address.province", "ZZ", "SNODO-2003", "PID^1^11^1^4"),
                bad("patient.address.country", "Atlantide", "SNODO-2003", "PID^1^11^1^6"),
                bad("author.fiscalCode", "GRBPLA72C54L219A", "SNODO-2005", "TXA^1^5^1^1"),
                bad("author.telecom", "chiamare", "SNODO-2002", "OBX^8^5"),
                bad("encounter.kind", "X", "SNODO-2003", "PV1^1^2"),
                bad("encounter.end", "2026-11-12T09:00:00+01:00", "SNODO-2006", "PV1^1^45"),
                bad("encounter.structureCode", "1", "SNODO-2002", "PV1^1^3^1^4"),
                bad("visitTime", "2031-01-01T10:00:00+01:00", "SNODO-2002", "TXA^1^4"),
                bad("exemption.code", "9Z99", "SNODO-2003", "OBX^3^5^1^1"),
                bad("diagnosis.code", "999.99.9", "SNODO-2003", "OBX^2^5^1^1"),
                bad("service.code", "00.00.0", "SNODO-2003", "OBX^5^5^1^1"),
                bad("regime", "GRATIS", "SNODO-2003", "OBX^7^5"),
                bad("nre", "123", "SNODO-2005", "OBX^8^5"),
                bad("ticket", "Q", "SNODO-2003", "OBX^9^5"),
                bad("onlineCollection.requested", "true", "SNODO-2001", "OBX^^3"),
                bad("obscuredToParent", "true", "SNODO-2006", "OBX^8^5"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void a_fault_is_named_once_at_its_place_and_alike_by_all(Wrong wrong) {
        Certificate certificate = wrong.in(Certificate.plain(Outside.unique("BAD")));

        Said hl7 = hl7(certificate);
        print(wrong.toString(), hl7);

        assertThat(hl7.codes).as(hl7.text).containsExactly(wrong.code);
        assertThat(hl7.locations).as(hl7.text).containsExactly(wrong.location);
        assertThat(hl7.reasons).as(hl7.text).allMatch(reason -> reason.length() > 20 && reason.endsWith("."));
        assertThat(rest(certificate).codes).as("REST " + wrong).containsExactly(wrong.code);
        if (wrong.fhir) {
            Said fhir = fhir(certificate);
            assertThat(fhir.codes).as("FHIR " + fhir.text).containsExactly(wrong.code);
            assertThat(fhir.locations).as("FHIR " + fhir.text).allMatch(at -> at.startsWith("Bundle.entry["));
        }
    }

    @Test
    void a_replacement_or_an_annulment_for_another_person_is_refused_in_every_form() {
        Certificate first = Certificate.plain(Outside.unique("PERS"));
        OUT.accepted(first);
        Certificate other = first.replacement(Outside.unique("PERS"))
                .with("patient.fiscalCode", "BNCMRA70C04L219D")
                .with("patient.family", "BIANCHI");
        Certificate annulment = first.annulment(Outside.unique("PERS")).with("patient.fiscalCode", "BNCMRA70C04L219D");
        for (Certificate wrong : List.of(other, annulment)) {
            Said hl7 = hl7(wrong);
            assertThat(hl7.codes).as(hl7.text).containsExactly("SNODO-2011");
            assertThat(hl7.locations).containsExactly("PID^1^3^1");
            assertThat(hl7.reasons.get(0)).contains(first.number()).doesNotContain("ROSSI");
            assertThat(rest(wrong).codes).containsExactly("SNODO-2011");
            assertThat(fhir(wrong).codes).containsExactly("SNODO-2011");
        }
        OUT.accepted(first.replacement(Outside.unique("PERS")).with("patient.family", "ROSSINI"));
    }

    @Test
    void what_a_doctor_has_to_fill_in_is_named_field_by_field_and_nothing_is_created() {
        String number = Outside.unique("WIZ");
        Certificate empty = Certificate.plain(number)
                .without("exemption", "diagnosis", "pathology", "regime", "encounter.unitCode")
                .with("patient.birthDate", "2015-02-01");
        HttpResponse<byte[]> answer = HUB.post(
                "/api/v1/certificates",
                "specialista",
                "application/json",
                empty.json.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(answer.statusCode()).as(Outside.text(answer)).isEqualTo(422);
        JsonNode errors = HUB.read(answer).path("errors");
        assertThat(errors.findValuesAsText("pointer"))
                .containsExactly(
                        "/encounter/unitCode",
                        "/exemption",
                        "/diagnosis",
                        "/pathology",
                        "/regime",
                        "/specialLaws",
                        "/obscuredToParent");
        assertThat(errors.findValuesAsText("code")).containsOnly("SNODO-2001");
        assertThat(HUB.json(
                                "/api/v1/certificates?state=TUTTI&fiscalCode=" + empty.text("patient.fiscalCode"),
                                "specialista")
                        .toString())
                .doesNotContain(number);
        // the number is free: nothing had been made with it
        assertThat(OUT.rest(Certificate.plain(number), Outside.unique("K")).statusCode())
                .isEqualTo(201);
    }

    @Test
    void three_faults_at_once_are_three_faults_in_every_form() {
        List<Wrong> all = new ArrayList<>(wrong());
        java.util.Collections.shuffle(all, new java.util.Random(7));
        int done = 0;
        for (int i = 0; i + 2 < all.size() && done < 10; i += 3) {
            List<Wrong> three = all.subList(i, i + 3);
            if (new TreeSet<>(three.stream()
                                            .map(w -> w.path.replaceFirst("address[.].*", "address"))
                                            .toList())
                                    .size()
                            < 3
                    || three.stream().anyMatch(w -> !w.fhir || w.path.equals("exemption"))) {
                continue;
            }
            Certificate certificate = Certificate.plain(Outside.unique("BAD3"));
            three.forEach(wrong -> wrong.in(certificate));
            List<String> codes = three.stream().map(Wrong::code).sorted().toList();
            assertThat(hl7(certificate).codes).as(three.toString()).containsExactlyInAnyOrderElementsOf(codes);
            assertThat(rest(certificate).codes).as("REST " + three).containsExactlyInAnyOrderElementsOf(codes);
            assertThat(fhir(certificate).codes).as("FHIR " + three).containsExactlyInAnyOrderElementsOf(codes);
            done++;
        }
        assertThat(done).isGreaterThan(5);
    }

    /** What an interface said. */
    private record Said(List<String> codes, List<String> locations, List<String> reasons, String text) {}

    private static Said hl7(Certificate certificate) {
        String ack = OUT.mllp(certificate.hl7(Outside.unique("C")));
        assertThat(ack).contains("MSA|AE|");
        List<String[]> errors = ack.lines()
                .flatMap(line -> java.util.Arrays.stream(line.split("\r")))
                .filter(line -> line.startsWith("ERR"))
                .map(line -> line.split("\\|", -1))
                .toList();
        return new Said(
                errors.stream().map(fields -> fields[5].split("\\^")[0]).toList(),
                errors.stream().map(fields -> fields[2]).toList(),
                errors.stream().map(fields -> fields[8]).toList(),
                ack);
    }

    private static Said rest(Certificate certificate) {
        HttpResponse<byte[]> answer = OUT.rest(certificate, Outside.unique("K"));
        assertThat(answer.statusCode()).as(Outside.text(answer)).isBetween(400, 422);
        JsonNode problem = HUB.read(answer);
        Map<String, JsonNode> faults = new LinkedHashMap<>();
        problem.path(problem.has("errors") ? "errors" : "faults").forEach(f -> faults.put(f.toString(), f));
        List<JsonNode> each = faults.isEmpty() ? List.of(problem) : List.copyOf(faults.values());
        return new Said(
                each.stream().map(f -> f.path("code").asText()).toList(),
                List.of(),
                each.stream().map(f -> f.path("detail").asText()).toList(),
                Outside.text(answer));
    }

    private static Said fhir(Certificate certificate) {
        HttpResponse<byte[]> answer = OUT.fhirMessage(certificate, Outside.unique("B"));
        assertThat(answer.statusCode()).as(Outside.text(answer)).isBetween(400, 422);
        JsonNode outcome = HUB.read(answer);
        List<JsonNode> issues = new ArrayList<>();
        outcome.path("issue").forEach(issues::add);
        return new Said(
                issues.stream()
                        .map(issue -> issue.at("/details/coding/0/code").asText())
                        .toList(),
                issues.stream().map(issue -> issue.at("/expression/0").asText()).toList(),
                issues.stream().map(issue -> issue.path("diagnostics").asText()).toList(),
                Outside.text(answer));
    }

    private static void print(String what, Said said) {
        if (Boolean.getBoolean("snodo.test.print")) {
            System.out.println("SAID " + what + " → " + said.locations + " "
                    + said.codes.stream().collect(Collectors.joining(" ")) + " " + said.reasons);
        }
    }
}
