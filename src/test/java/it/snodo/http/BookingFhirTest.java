package it.snodo.http;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import it.snodo.booking.AvailabilityAnswer;
import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Decision;
import it.snodo.booking.Proposal;
import it.snodo.booking.Ruling;
import it.snodo.booking.Slot;
import it.snodo.booking.Unreadable;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.MessageHeader;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Bookings over FHIR, against a desk that says what it is told to. */
@OverHttp
class BookingFhirTest {

    private static final FhirContext FHIR = FhirContext.forR4Cached();
    private static final String WHO = "?patient.identifier=http://hl7.it/sid/codiceFiscale%7CRSSMRA80A41L219Z";

    @LocalServerPort
    int port;

    @Autowired
    PlayedDesk desk;

    @Autowired
    JdbcClient jdbc;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void an_empty_desk() {
        desk.bookings.clear();
        desk.arrivals.clear();
        desk.play = PlayedDesk::booked;
    }

    private HttpResponse<byte[]> as(String user, String method, String path, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/fhir" + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString((user + ":p").getBytes(StandardCharsets.UTF_8)));
        if (body != null) {
            request.header("Content-Type", "application/fhir+json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> send(String method, String path, String body, String... headers) throws Exception {
        return as("cup", method, path, body, headers);
    }

    private static String text(HttpResponse<byte[]> response) {
        return response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8);
    }

    private static <T extends IBaseResource> T fhir(Class<T> type, HttpResponse<byte[]> response) {
        return FHIR.newJsonParser().parseResource(type, new String(response.body(), StandardCharsets.UTF_8));
    }

    private BookingRequest asked() {
        return (BookingRequest) desk.last().ask();
    }

    /** A first visit on 1 December at 9.30. */
    private static String appointment() {
        return """
                {"resourceType":"Appointment","status":"proposed",
                 "contained":[
                  {"resourceType":"Patient","id":"p",
                   "identifier":[{"system":"http://hl7.it/sid/codiceFiscale","value":"RSSMRA80A41L219Z"}],
                   "name":[{"family":"Rossi","given":["Maria"]}],"gender":"female","birthDate":"1980-01-01",
                   "telecom":[{"system":"phone","value":"non fornito"}]},
                  {"resourceType":"ServiceRequest","id":"r","status":"active","intent":"order",
                   "requisition":{"system":"urn:oid:2.16.840.1.113883.2.9.4.3.9","value":"010A01234567890"},
                   "authoredOn":"2026-11-20","subject":{"reference":"#p"},
                   "category":[{"coding":[{"system":"urn:oid:2.16.840.1.113883.2.9.5.2.3","code":"D"}]}],
                   "code":{"coding":[{"system":"urn:oid:2.16.840.1.113883.2.9.2.10.6.11","code":"89.7A.3",
                     "display":"Prima visita cardiologica"}]}}],
                 "extension":[{"url":"https://snodo.dev/fhir/booking/MODULO","valueString":"M01"},
                  {"url":"https://snodo.dev/fhir/booking/CONFERMA","valueString":"SC-040"},
                  {"url":"https://snodo.dev/fhir/booking/slot.proposed","valueBoolean":true}],
                 "basedOn":[{"reference":"#r"}],
                 "start":"2026-12-01T09:30:00+01:00","end":"2026-12-01T09:50:00+01:00",
                 "participant":[{"actor":{"reference":"#p"},"status":"accepted"},
                  {"actor":{"type":"Location","identifier":{"system":"http://hl7.it/sid/fls","value":"010301"}},
                   "status":"accepted"},
                  {"actor":{"type":"HealthcareService",
                    "identifier":{"system":"https://snodo.dev/fhir/sid/agenda","value":"AG-1"}},"status":"accepted"}]}""";
    }

    private static Ruling ruling(String code, Decision decision, String path) {
        return new Ruling(code, decision, 207, path, "Titolo", "Messaggio " + code, "dettaglio");
    }

    // --- create ----------------------------------------------------------------------------------------------

    @Test
    void an_appointment_is_booked_with_its_place_and_version() throws Exception {
        HttpResponse<byte[]> response = send("POST", "/Appointment", appointment());
        assertThat(response.statusCode()).as(text(response)).isEqualTo(201);
        assertThat(response.headers().firstValue("Location").orElseThrow()).endsWith("/fhir/Appointment/SC2026000123");
        assertThat(response.headers().firstValue("ETag")).contains("W/\"3\"");
        Appointment made = fhir(Appointment.class, response);
        assertThat(made.getStatus()).isEqualTo(Appointment.AppointmentStatus.BOOKED);
        assertThat(made.getIdentifierFirstRep().getValue()).isEqualTo("SC2026000123");
        assertThat(made.getPatientInstruction()).isEqualTo("Portare gli esami precedenti");
        BookingRequest asked = asked();
        assertThat(asked.operation()).isEqualTo(Operation.BOOK);
        assertThat(asked.patient().fiscalCode()).isEqualTo("RSSMRA80A41L219Z");
        assertThat(asked.patient().phones()).containsExactly("non fornito");
        assertThat(asked.prescription().numbers()).containsExactly("010A01234567890");
        assertThat(asked.prescription().compiled()).isEqualTo(LocalDate.of(2026, 11, 20));
        assertThat(asked.prescription().priority()).isEqualTo("D");
        assertThat(asked.prescription().form()).isEqualTo("M01");
        assertThat(asked.confirmations()).containsExactly("SC-040");
        Slot slot = asked.lines().get(0).slot();
        assertThat(slot.start()).isEqualTo(OffsetDateTime.parse("2026-12-01T09:30:00+01:00"));
        assertThat(slot.minutes()).isEqualTo(20);
        assertThat(slot.azienda()).isEqualTo("010301");
        assertThat(slot.agenda()).isEqualTo("AG-1");
        assertThat(slot.proposed()).isTrue();
        assertThat(desk.last().faults()).isEmpty();
        assertThat(desk.last().unreadable()).isEmpty();
    }

    @Test
    void while_the_CUP_has_not_answered_the_appointment_is_pending() throws Exception {
        desk.play = arrival -> PlayedDesk.done(arrival, Result.UNKNOWN, Booking.State.UNKNOWN);
        HttpResponse<byte[]> response = send("POST", "/Appointment", appointment());
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(fhir(Appointment.class, response).getStatus()).isEqualTo(Appointment.AppointmentStatus.PENDING);
    }

    private static void isUndecided(List<OperationOutcome.OperationOutcomeIssueComponent> issues) {
        assertThat(issues).anySatisfy(issue -> {
            assertThat(issue.getSeverity()).isEqualTo(OperationOutcome.IssueSeverity.WARNING);
            assertThat(issue.getDetails().getCodingFirstRep().getCode()).isEqualTo(SnodoCode.BOOKING_UNDECIDED.code());
            assertThat(issue.getDiagnostics()).isEqualTo("Il CUP non ha ancora risposto: l'hub continua a chiedere.");
        });
    }

    @Test
    void a_revoke_that_the_CUP_has_not_confirmed_is_pending_and_says_so() throws Exception {
        desk.play = arrival -> PlayedDesk.done(arrival, Result.UNKNOWN, Booking.State.BOOKED);
        String revoke = "{\"resourceType\":\"Appointment\",\"status\":\"cancelled\","
                + "\"participant\":[{\"actor\":{\"display\":\"x\"},\"status\":\"accepted\"}]}";
        HttpResponse<byte[]> response = send("PUT", "/Appointment/SC2026000123", revoke);
        assertThat(response.statusCode()).as(text(response)).isEqualTo(202);
        Appointment pending = fhir(Appointment.class, response);
        assertThat(pending.getStatus()).isEqualTo(Appointment.AppointmentStatus.PENDING);
        isUndecided(pending.getContained().stream()
                .filter(OperationOutcome.class::isInstance)
                .flatMap(each -> ((OperationOutcome) each).getIssue().stream())
                .toList());
    }

    @Test
    void where_no_booking_can_be_told_yet_it_is_undecided_and_not_refused() throws Exception {
        desk.play = arrival -> new BookingAnswer(Result.UNKNOWN, null, List.of(), List.of(), List.of(), 7, false);
        HttpResponse<byte[]> response = send("POST", "/Appointment", appointment());
        assertThat(response.statusCode()).as(text(response)).isEqualTo(202);
        isUndecided(fhir(OperationOutcome.class, response).getIssue());
        assertThat(text(response)).doesNotContain("rifiutata");
    }

    @Test
    void a_fault_of_what_was_done_is_told_as_a_warning() throws Exception {
        desk.play = arrival -> {
            BookingAnswer done = PlayedDesk.booked(arrival);
            Fault fault = Fault.at(SnodoCode.NOT_NOW, "lines[0].slot", "Il posto è un altro.");
            return new BookingAnswer(done.result(), done.booking(), List.of(), List.of(fault), List.of(), 8, false);
        };
        HttpResponse<byte[]> response = send("POST", "/Appointment", appointment());
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(text(response)).contains(SnodoCode.NOT_NOW.code(), "Il posto è un altro.", "\"warning\"");
    }

    @Test
    void every_refusal_is_an_issue_with_its_rule_and_its_place() throws Exception {
        desk.play = arrival -> BookingAnswer.refused(
                List.of(
                        ruling("SC-058", Decision.WARN, "prescription.priority"),
                        ruling("SC-012", Decision.REJECT, "prescription.compiled"),
                        ruling("SC-041", Decision.REJECT, "patient.birthDate"),
                        ruling("SC-025", Decision.ROUTE_LOCAL, "lines[0].service")),
                List.of());
        HttpResponse<byte[]> response = send("POST", "/Appointment", appointment());
        assertThat(response.statusCode()).isEqualTo(422);
        OperationOutcome outcome = fhir(OperationOutcome.class, response);
        assertThat(outcome.getIssue())
                .extracting(issue -> issue.getDetails().getCodingFirstRep().getCode())
                .containsExactly("SC-012", "SC-041", "SC-025", "SC-058");
        assertThat(outcome.getIssue())
                .extracting(issue -> issue.getExpression().get(0).getValue())
                .containsExactly(
                        "Appointment.contained[1].authoredOn",
                        "Appointment.contained[0].birthDate",
                        "Appointment.contained[1].code.coding[0].code",
                        "Appointment.contained[1].category[0].coding[0].code");
        assertThat(outcome.getIssueFirstRep().getDetails().getCodingFirstRep().getSystem())
                .isEqualTo("https://snodo.dev/fhir/booking-rules");
        assertThat(outcome.getIssueFirstRep().getCode()).isEqualTo(OperationOutcome.IssueType.BUSINESSRULE);
        assertThat(outcome.getIssue().get(3).getSeverity()).isEqualTo(OperationOutcome.IssueSeverity.WARNING);
    }

    @Test
    void what_must_be_confirmed_is_a_conflict() throws Exception {
        desk.play = arrival ->
                BookingAnswer.refused(List.of(ruling("SC-040", Decision.CONFIRM, "lines[0].service")), List.of());
        assertThat(send("POST", "/Appointment", appointment()).statusCode()).isEqualTo(409);
        desk.play = arrival -> BookingAnswer.refused(
                List.of(ruling("SC-040", Decision.CONFIRM, ""), ruling("SC-029", Decision.REFER, "")), List.of());
        assertThat(send("POST", "/Appointment", appointment()).statusCode()).isEqualTo(422);
        desk.play = arrival -> BookingAnswer.refused(
                List.of(), List.of(Fault.at(SnodoCode.CHANGED_MEANWHILE, "", "La revisione è la 4.")));
        assertThat(send("POST", "/Appointment", appointment()).statusCode()).isEqualTo(412);
    }

    @Test
    void notices_are_carried_inside_and_are_the_answer_where_the_caller_prefers_so() throws Exception {
        desk.play = arrival -> {
            BookingAnswer done = PlayedDesk.booked(arrival);
            return new BookingAnswer(
                    done.result(),
                    done.booking(),
                    List.of(ruling("SC-058", Decision.WARN, "prescription.priority")),
                    List.of(),
                    List.of(),
                    8,
                    false);
        };
        Appointment made = fhir(Appointment.class, send("POST", "/Appointment", appointment()));
        assertThat(made.getContained())
                .filteredOn(OperationOutcome.class::isInstance)
                .singleElement()
                .satisfies(notices -> assertThat(((OperationOutcome) notices)
                                .getIssueFirstRep()
                                .getDetails()
                                .getCodingFirstRep()
                                .getCode())
                        .isEqualTo("SC-058"));
        HttpResponse<byte[]> preferred =
                send("POST", "/Appointment", appointment(), "Prefer", "return=OperationOutcome");
        assertThat(preferred.statusCode()).isEqualTo(201);
        assertThat(fhir(OperationOutcome.class, preferred).getIssue()).hasSize(2);
        HttpResponse<byte[]> minimal = send("POST", "/Appointment", appointment(), "Prefer", "return=minimal");
        assertThat(minimal.statusCode()).isEqualTo(201);
        assertThat(minimal.body()).isEmpty();
        assertThat(minimal.headers().firstValue("Location")).isPresent();
    }

    @Test
    void the_same_create_under_one_name_has_one_effect() throws Exception {
        String key = "identifier=urn:x|" + System.nanoTime();
        HttpResponse<byte[]> first = send("POST", "/Appointment", appointment(), "If-None-Exist", key);
        HttpResponse<byte[]> second = send("POST", "/Appointment", appointment(), "If-None-Exist", key);
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.headers().firstValue("Idempotency-Replayed")).contains("true");
        send("POST", "/Appointment", appointment());
        assertThat(desk.arrivals).hasSize(2);
    }

    @Test
    void a_create_repeated_after_the_revoke_shows_what_stands_now() throws Exception {
        String key = "identifier=urn:x|" + System.nanoTime();
        send("POST", "/Appointment", appointment(), "If-None-Exist", key);
        desk.play = arrival -> PlayedDesk.done(arrival, Result.REVOKED, Booking.State.REVOKED);
        send(
                "PUT",
                "/Appointment/SC2026000123",
                "{\"resourceType\":\"Appointment\",\"status\":\"cancelled\","
                        + "\"participant\":[{\"actor\":{\"display\":\"x\"},\"status\":\"accepted\"}]}");
        HttpResponse<byte[]> again = send("POST", "/Appointment", appointment(), "If-None-Exist", key);
        assertThat(again.statusCode()).as(text(again)).isEqualTo(200);
        assertThat(fhir(Appointment.class, again).getStatus()).isEqualTo(Appointment.AppointmentStatus.CANCELLED);
    }

    @Test
    void a_moment_of_digits_only_is_named() throws Exception {
        send("POST", "/Appointment", appointment().replace("\"2026-12-01T09:30:00+01:00\"", "\"20260120\""));
        assertThat(desk.last().unreadable()).extracting(Unreadable::path).contains("lines[0].slot.start");
    }

    @Test
    void an_appointment_of_several_services_says_each_one_with_its_place() throws Exception {
        String several = """
                {"resourceType":"Appointment","status":"proposed",
                 "contained":[
                  {"resourceType":"ServiceRequest","id":"a","status":"active","intent":"order",
                   "subject":{"identifier":{"system":"http://hl7.it/sid/codiceFiscale","value":"RSSMRA80A41L219Z"}},
                   "code":{"coding":[{"code":"87.23"}]},"quantityQuantity":{"value":2},
                   "bodySite":[{"coding":[{"system":"http://snomed.info/sct","code":"24028007"}]}],
                   "reasonCode":[{"text":"dolore"}]},
                  {"resourceType":"ServiceRequest","id":"b","status":"active","intent":"order",
                   "subject":{"identifier":{"system":"http://hl7.it/sid/codiceFiscale","value":"RSSMRA80A41L219Z"}},
                   "code":{"coding":[{"code":"89.52"}]},
                   "extension":[{"url":"https://snodo.dev/fhir/booking/exempt","valueBoolean":false}]},
                  {"resourceType":"Schedule","id":"s","identifier":[{"value":"AG-7"}],
                   "actor":[{"reference":"#l"}]},
                  {"resourceType":"Location","id":"l","name":"Ospedale Martini",
                   "identifier":[{"system":"http://hl7.it/sid/sts","value":"010007"}],
                   "managingOrganization":{"identifier":{"system":"http://hl7.it/sid/fls","value":"010301"}}},
                  {"resourceType":"Slot","id":"x","schedule":{"reference":"#s"},"status":"free",
                   "start":"2026-12-01T09:30:00+01:00","end":"2026-12-01T09:45:00+01:00"},
                  {"resourceType":"Slot","id":"y","schedule":{"reference":"#s"},"status":"free",
                   "start":"2026-12-01T09:45:00+01:00","end":"2026-12-01T10:00:00+01:00"}],
                 "basedOn":[{"reference":"#a"},{"reference":"#b"}],
                 "slot":[{"reference":"#x"},{"reference":"#y"}],
                 "requestedPeriod":[{"start":"2026-12-01","end":"2026-12-31"}],
                 "participant":[{"actor":{"type":"Practitioner","display":"dott. Bianchi"},"status":"accepted"}]}""";
        HttpResponse<byte[]> response = send("POST", "/Appointment", several);
        assertThat(response.statusCode()).as(text(response)).isEqualTo(201);
        BookingRequest asked = asked();
        assertThat(asked.patient().fiscalCode()).isEqualTo("RSSMRA80A41L219Z");
        assertThat(asked.lines()).hasSize(2);
        assertThat(asked.lines().get(0).quantity()).isEqualTo(2);
        assertThat(asked.lines().get(0).side()).isEqualTo("R");
        assertThat(asked.lines().get(0).question()).isEqualTo("dolore");
        assertThat(asked.lines().get(1).exempt()).isFalse();
        assertThat(asked.lines().get(1).slot().start()).isEqualTo(OffsetDateTime.parse("2026-12-01T09:45:00+01:00"));
        assertThat(asked.lines().get(1).slot().agenda()).isEqualTo("AG-7");
        assertThat(asked.lines().get(1).slot().structure()).isEqualTo("010007");
        assertThat(asked.lines().get(1).slot().azienda()).isEqualTo("010301");
        assertThat(asked.lines().get(1).slot().place()).isEqualTo("Ospedale Martini");
        assertThat(asked.wish().to()).isEqualTo(LocalDate.of(2026, 12, 31));
        assertThat(asked.wish().practitioner()).isEqualTo("dott. Bianchi");
        assertThat(desk.last().faults()).isEmpty();
        Appointment made = fhir(Appointment.class, response);
        assertThat(made.getBasedOn()).hasSize(2);
        assertThat(made.getSlot()).hasSize(2);
    }

    // --- what cannot be read ---------------------------------------------------------------------------------

    @Test
    void values_that_cannot_be_read_are_left_to_the_rules_about_them() throws Exception {
        send(
                "POST",
                "/Appointment",
                appointment()
                        .replace("\"authoredOn\":\"2026-11-20\"", "\"authoredOn\":\"2026-02-31\"")
                        .replace("\"birthDate\":\"1980-01-01\"", "\"birthDate\":\"1980-01\"")
                        .replace(
                                "\"valueString\":\"M01\"}",
                                "\"valueString\":\"M01\"},"
                                        + "{\"url\":\"https://snodo.dev/fhir/booking/STPDATA\",\"valueDate\":\"ieri\"},"
                                        + "{\"url\":\"https://snodo.dev/fhir/booking/COLORE\",\"valueString\":\"x\"}"));
        assertThat(desk.last().unreadable())
                .extracting(Unreadable::path)
                .containsExactlyInAnyOrder(
                        "prescription.compiled", "patient.birthDate", "patient.entitlement.stpIssued", "COLORE");
        assertThat(desk.last().unreadable())
                .filteredOn(each -> each.path().equals("prescription.compiled"))
                .extracting(Unreadable::given)
                .containsExactly("2026-02-31");
        assertThat(desk.last().faults()).isEmpty();
        assertThat(asked().prescription().compiled()).isNull();
    }

    @Test
    void what_FHIR_does_not_know_is_a_fault_with_its_place() throws Exception {
        send("POST", "/Appointment", appointment().replace("\"start\":\"2026", "\"inizio\":\"x\",\"start\":\"2026"));
        assertThat(desk.last().faults()).extracting(Fault::location).containsExactly("Appointment.inizio");
        desk.play = arrival -> BookingAnswer.refused(List.of(), arrival.faults());
        assertThat(send("POST", "/Appointment", "{").statusCode()).isEqualTo(400);
        assertThat(send("POST", "/Appointment", "{\"resourceType\":\"Patient\"}")
                        .statusCode())
                .isEqualTo(415);
        HttpResponse<byte[]> outside = send(
                "POST",
                "/Appointment",
                appointment().replace("\"reference\":\"#r\"", "\"reference\":\"ServiceRequest/7\""));
        assertThat(fhir(OperationOutcome.class, outside)
                        .getIssueFirstRep()
                        .getExpression()
                        .get(0)
                        .getValue())
                .isEqualTo("Appointment.basedOn[0].reference");
    }

    @Test
    void a_status_that_is_not_SovraCups_to_set_is_an_unknown_operation() throws Exception {
        send("POST", "/Appointment", appointment().replace("\"proposed\"", "\"arrived\""));
        assertThat(asked().operation()).isNull();
        assertThat(desk.last().unreadable()).extracting(Unreadable::path).containsExactly("operation");
    }

    // --- update ----------------------------------------------------------------------------------------------

    @Test
    void what_was_read_and_sent_back_changes_nothing_and_a_new_start_moves() throws Exception {
        send("POST", "/Appointment", appointment());
        HttpResponse<byte[]> read = send("GET", "/Appointment/SC2026000123" + WHO, null);
        assertThat(read.statusCode()).as(text(read)).isEqualTo(200);
        BookingRequest first = asked();
        String same = new String(read.body(), StandardCharsets.UTF_8);
        HttpResponse<byte[]> changed = send("PUT", "/Appointment/SC2026000123", same, "If-Match", "W/\"3\"");
        assertThat(changed.statusCode()).as(text(changed)).isEqualTo(200);
        BookingRequest again = asked();
        assertThat(again.operation()).isEqualTo(Operation.CHANGE);
        assertThat(again.bookingCode()).isEqualTo("SC2026000123");
        assertThat(again.patient()).isEqualTo(first.patient());
        assertThat(again.prescription()).isEqualTo(first.prescription());
        assertThat(again.lines()).isEqualTo(first.lines());
        assertThat(desk.last().ifMatch()).isEqualTo(3L);
        assertThat(desk.last().faults()).isEmpty();
        assertThat(desk.last().unreadable()).isEmpty();
        send("PUT", "/Appointment/SC2026000123", same.replace("2026-12-01T09:30", "2026-12-02T09:30"));
        assertThat(asked().operation()).isEqualTo(Operation.MOVE);
    }

    @Test
    void cancelled_revokes_and_entered_in_error_deletes() throws Exception {
        send("PUT", "/Appointment/SC2026000123", """
                {"resourceType":"Appointment","id":"SC2026000123","status":"cancelled",
                 "cancelationReason":{"text":"non serve più"},
                 "extension":[{"url":"https://snodo.dev/fhir/booking/IDCOGNOME","valueString":"Rossi"},
                  {"url":"https://snodo.dev/fhir/booking/IDDATAORA","valueDateTime":"2026-12-01T09:30:00+01:00"}],
                 "participant":[{"actor":{"display":"x"},"status":"accepted"}]}""");
        assertThat(asked().operation()).isEqualTo(Operation.REVOKE);
        assertThat(asked().reason()).isEqualTo("non serve più");
        assertThat(asked().identification().family()).isEqualTo("Rossi");
        assertThat(asked().identification().bookingCode()).isEqualTo("SC2026000123");
        assertThat(asked().identification().start()).isEqualTo("2026-12-01T09:30");
        send(
                "PUT",
                "/Appointment/SC2026000123",
                "{\"resourceType\":\"Appointment\",\"status\":\"entered-in-error\","
                        + "\"participant\":[{\"actor\":{\"display\":\"x\"},\"status\":\"accepted\"}]}");
        assertThat(asked().operation()).isEqualTo(Operation.DELETE);
    }

    // --- read and search -------------------------------------------------------------------------------------

    @Test
    void an_appointment_is_shown_to_who_says_whose_it_is_and_to_nobody_else() throws Exception {
        send("POST", "/Appointment", appointment());
        assertThat(send("GET", "/Appointment/SC2026000123?family=Rossi&birthdate=1980-01-01", null)
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<byte[]> nothing = send("GET", "/Appointment/SC2026000123", null);
        assertThat(nothing.statusCode()).isEqualTo(422);
        assertThat(text(nothing)).contains("SC-080").doesNotContain("Rossi");
        HttpResponse<byte[]> wrong = send("GET", "/Appointment/SC2026000123?family=Verdi&birthdate=1980-01-01", null);
        HttpResponse<byte[]> absent = send("GET", "/Appointment/SC2026000999" + WHO, null);
        assertThat(wrong.statusCode()).isEqualTo(404);
        assertThat(absent.body()).isEqualTo(wrong.body());
    }

    @Test
    void a_search_finds_what_the_person_has() throws Exception {
        send("POST", "/Appointment", appointment());
        Bundle found = fhir(Bundle.class, send("GET", "/Appointment" + WHO + "&date=ge2026-12-01&status=booked", null));
        assertThat(found.getTotal()).isEqualTo(1);
        assertThat(found.getEntryFirstRep().getFullUrl()).endsWith("/fhir/Appointment/SC2026000123");
        for (String none : List.of("&date=gt2026-12-01", "&date=2026-11", "&status=cancelled", "&identifier=SC1")) {
            assertThat(fhir(Bundle.class, send("GET", "/Appointment" + WHO + none, null))
                            .getTotal())
                    .as(none)
                    .isZero();
        }
        assertThat(fhir(
                                Bundle.class,
                                send(
                                        "GET",
                                        "/Appointment?identifier=SC2026000123&family=rossi&birthdate=1980-01-01",
                                        null))
                        .getTotal())
                .isEqualTo(1);
        assertThat(send("GET", "/Appointment?identifier=SC2026000123", null).statusCode())
                .isEqualTo(422);
        assertThat(send("GET", "/Appointment" + WHO + "&date=domani", null).statusCode())
                .isEqualTo(400);
    }

    private long audited(String outcome, String object) {
        return jdbc.sql("select count(*) from audit where action = 'SEARCH_APPOINTMENTS' and outcome = ? and object = ?"
                        + " and subject = 'RSSMRA80A41L219Z'")
                .params(outcome, object)
                .query(Long.class)
                .single();
    }

    @Test
    void a_search_is_audited_by_what_it_has_shown() throws Exception {
        send("POST", "/Appointment", appointment());
        long shown = audited("OK", "booking SC2026000123");
        long denied = audited("NEGATO", "bookings");
        send("GET", "/Appointment?identifier=SC2026000123&family=Rossi&birthdate=1980-01-01", null);
        assertThat(audited("OK", "booking SC2026000123")).isEqualTo(shown + 1);
        send("GET", "/Appointment" + WHO + "&status=cancelled", null);
        send("GET", "/Appointment" + WHO + "&date=domani", null);
        assertThat(audited("NEGATO", "bookings")).isEqualTo(denied + 2);
        assertThat(audited("OK", "booking SC2026000123")).isEqualTo(shown + 1);
        assertThat(audited("OK", "bookings")).isZero();
        String before = "select count(*) from audit where action = 'SEARCH_APPOINTMENTS' and outcome = 'NEGATO'";
        long all = jdbc.sql(before).query(Long.class).single();
        assertThat(send("GET", "/Appointment?family=Rossi&birthdate=1980-01-01", null)
                        .statusCode())
                .isEqualTo(400);
        assertThat(jdbc.sql(before).query(Long.class).single()).isEqualTo(all + 1);
    }

    // --- $find and $book -------------------------------------------------------------------------------------

    @Test
    void find_gives_free_places_that_can_be_booked_as_they_are() throws Exception {
        Slot slot = new Slot(
                "010302",
                "AG-2",
                OffsetDateTime.parse("2026-12-02T08:00:00+01:00"),
                20,
                "010010",
                "Ospedale",
                "AMB1",
                false,
                true);
        Proposal place = new Proposal("89.7A.3", "302-0001", slot, null, true, "FIRST", List.of());
        desk.play = arrival -> new AvailabilityAnswer(
                List.of(place),
                List.of(place),
                List.of(new AvailabilityAnswer.Silent("010309", "ASL AT", "non ha risposto entro 3 s")),
                List.of(),
                List.of(),
                5);
        HttpResponse<byte[]> posted = send("POST", "/Appointment/$find", """
                {"resourceType":"Parameters","parameter":[
                 {"name":"start","valueDateTime":"2026-12-01"},{"name":"end","valueDateTime":"2026-12-31"},
                 {"name":"service-type","valueCodeableConcept":{"coding":[{"code":"89.7A.3"}]}},
                 {"name":"location","valueReference":{"identifier":{"system":"http://hl7.it/sid/fls","value":"010302"}}},
                 {"name":"patient","resource":{"resourceType":"Patient","birthDate":"1980-01-01","gender":"female"}}]}""");
        assertThat(posted.statusCode()).as(text(posted)).isEqualTo(200);
        AvailabilityQuery query = (AvailabilityQuery) desk.last().ask();
        assertThat(query.wish().from()).isEqualTo(LocalDate.of(2026, 12, 1));
        assertThat(query.wish().azienda()).isEqualTo("010302");
        assertThat(query.lines().get(0).service()).isEqualTo("89.7A.3");
        assertThat(query.patient().sex()).isEqualTo("F");
        assertThat(desk.last().unreadable()).isEmpty();
        Bundle found = fhir(Bundle.class, posted);
        assertThat(found.getTotal()).isEqualTo(1);
        assertThat(found.getEntry()).hasSize(2);
        var silent = ((OperationOutcome) found.getEntry().get(1).getResource()).getIssueFirstRep();
        assertThat(silent.getDiagnostics()).contains("010309");
        assertThat(silent.getDetails().getCodingFirstRep().getCode()).isEqualTo(SnodoCode.CUP_SILENT.code());
        HttpResponse<byte[]> got =
                send("GET", "/Appointment/$find?start=2026-12-01&end=2026-12-31&service-type=89.7A.3", null);
        assertThat(got.statusCode()).as(text(got)).isEqualTo(200);
        assertThat(((AvailabilityQuery) desk.last().ask()).lines().get(0).service())
                .isEqualTo("89.7A.3");
        send("POST", "/Appointment/$find?_count=2", """
                {"resourceType":"Parameters","parameter":[{"name":"service-type","valueString":"89.7A.3"}]}""");
        assertThat(((AvailabilityQuery) desk.last().ask()).limit()).isEqualTo(2);

        desk.play = PlayedDesk::booked;
        String resource = FHIR.newJsonParser()
                .encodeResourceToString(found.getEntryFirstRep().getResource());
        HttpResponse<byte[]> booked = send(
                "POST",
                "/Appointment/$book",
                "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"appointment-resource\",\"resource\":"
                        + resource + "}]}");
        assertThat(booked.statusCode()).as(text(booked)).isEqualTo(200);
        assertThat(asked().lines().get(0).service()).isEqualTo("89.7A.3");
        assertThat(asked().lines().get(0).slot()).isEqualTo(slot);
        assertThat(desk.last().faults()).isEmpty();
        assertThat(desk.last().unreadable()).isEmpty();
    }

    // --- Bundles ---------------------------------------------------------------------------------------------

    private static String bundle(String type, String first, String status, String name) {
        return """
                {"resourceType":"Bundle","type":"%s","identifier":{"system":"urn:x","value":"%s"},"entry":[%s
                 {"fullUrl":"urn:uuid:a","resource":{"resourceType":"Appointment","status":"%s",
                   "basedOn":[{"reference":"urn:uuid:r"}],
                   "participant":[{"actor":{"reference":"urn:uuid:p"},"status":"accepted"}]},
                   "request":{"method":"POST","url":"Appointment"}},
                 {"fullUrl":"urn:uuid:p","resource":{"resourceType":"Patient","name":[{"family":"Rossi"}]},
                   "request":{"method":"POST","url":"Patient"}},
                 {"fullUrl":"urn:uuid:r","resource":{"resourceType":"ServiceRequest","status":"active","intent":"order",
                   "subject":{"reference":"urn:uuid:p"},"code":{"coding":[{"code":"89.52"}]}},
                   "request":{"method":"POST","url":"ServiceRequest"}},
                 {"fullUrl":"urn:uuid:c","resource":{"resourceType":"Coverage","status":"active",
                   "beneficiary":{"reference":"urn:uuid:p"},"payor":[{"display":"SSN"}],
                   "costToBeneficiary":[{"exception":[{"type":{"coding":[
                     {"system":"http://terminology.hl7.it/CodeSystem/minsan-esenzioni","code":"048"}]}}]}]},
                   "request":{"method":"POST","url":"Coverage"}}]}""".formatted(type, name, first, status);
    }

    @Test
    void a_transaction_with_an_appointment_is_a_booking() throws Exception {
        HttpResponse<byte[]> response =
                send("POST", "", bundle("transaction", "", "proposed", "t-" + System.nanoTime()));
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        Bundle answer = fhir(Bundle.class, response);
        assertThat(answer.getType()).isEqualTo(Bundle.BundleType.TRANSACTIONRESPONSE);
        assertThat(answer.getEntry()).hasSize(4);
        assertThat(answer.getEntryFirstRep().getResponse().getStatus()).startsWith("201");
        assertThat(asked().patient().family()).isEqualTo("Rossi");
        assertThat(asked().prescription().exemption()).isEqualTo("048");
        assertThat(asked().lines().get(0).service()).isEqualTo("89.52");
        assertThat(desk.last().locate("lines[0].service")).isEqualTo("Bundle.entry[2].resource.code.coding[0].code");
    }

    @Test
    void a_message_with_an_appointment_is_a_booking() throws Exception {
        String header = "{\"fullUrl\":\"urn:uuid:h\",\"resource\":{\"resourceType\":\"MessageHeader\",\"id\":\"h1\","
                + "\"eventCoding\":{\"code\":\"booking\"},\"source\":{\"name\":\"CUPWEB\",\"endpoint\":\"urn:cup\"}}},";
        HttpResponse<byte[]> response =
                send("POST", "/$process-message", bundle("message", header, "proposed", "m-" + System.nanoTime()));
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        MessageHeader answer =
                (MessageHeader) fhir(Bundle.class, response).getEntryFirstRep().getResource();
        assertThat(answer.getResponse().getCode()).isEqualTo(MessageHeader.ResponseType.OK);
        assertThat(desk.last().sender()).isEqualTo("CUPWEB|");
    }

    @Test
    void who_may_bring_certificates_may_not_book_and_the_other_way_round() throws Exception {
        HttpResponse<byte[]> doctor =
                as("specialista", "POST", "", bundle("transaction", "", "proposed", "t-" + System.nanoTime()));
        assertThat(doctor.statusCode()).isEqualTo(403);
        HttpResponse<byte[]> desk =
                as("cup", "POST", "/$process-message", it.snodo.intake.Demo.text("07-fhir-messaggio.json"));
        assertThat(desk.statusCode()).isEqualTo(403);
        assertThat(text(desk)).contains("SNODO-6002");
        assertThat(this.desk.arrivals).isEmpty();
    }

    @Test
    void the_capability_statement_knows_appointments() throws Exception {
        CapabilityStatement statement = fhir(CapabilityStatement.class, send("GET", "/metadata?_format=json", null));
        var appointment = statement.getRestFirstRep().getResource().stream()
                .filter(each -> each.getType().equals("Appointment"))
                .findFirst()
                .orElseThrow();
        assertThat(appointment.getInteraction())
                .extracting(each -> each.getCode().toCode())
                .contains("create", "read", "update", "search-type");
        assertThat(appointment.getSearchParam())
                .extracting(each -> each.getName())
                .contains("patient.identifier");
        assertThat(appointment.getOperation())
                .extracting(each -> each.getName())
                .contains("find", "book");
    }
}
