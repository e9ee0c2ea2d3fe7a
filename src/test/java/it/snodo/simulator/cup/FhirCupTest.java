package it.snodo.simulator.cup;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.StrictErrorHandler;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.Money;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Slot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The CUP that speaks FHIR, as a system that books meets it; its resources are read by HAPI, strictly. */
class FhirCupTest {
    private static final FhirContext FHIR = FhirContext.forR4Cached();
    private static final String ECG = "213-0028";

    private static Desk desk;

    @BeforeAll
    static void start() {
        desk = new Desk();
    }

    @AfterAll
    static void stop() {
        desk.close();
    }

    @BeforeEach
    void reset() {
        desk.reset();
    }

    private static IParser parser() {
        return FHIR.newJsonParser().setParserErrorHandler(new StrictErrorHandler());
    }

    private static HttpResponse<String> call(String method, String path, Resource body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + desk.port("213") + "/fhir/" + path));
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/fhir+json")
                    .method(method, HttpRequest.BodyPublishers.ofString(parser().encodeResourceToString(body)));
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return desk.send(request);
    }

    private static Appointment appointment(HttpResponse<String> answer) {
        return parser().parseResource(Appointment.class, answer.body());
    }

    private static List<Appointment> free() {
        Parameters wanted = new Parameters();
        wanted.addParameter().setName("start").setValue(new DateTimeType("2026-11-23"));
        wanted.addParameter().setName("end").setValue(new DateTimeType("2027-03-01"));
        CodeableConcept service = new CodeableConcept();
        service.addCoding()
                .setSystem("https://snodo.dev/fhir/cup/010213/services")
                .setCode(ECG);
        wanted.addParameter().setName("service-type").setValue(service);
        HttpResponse<String> answer = call("POST", "Appointment/$find", wanted);
        assertThat(answer.statusCode()).isEqualTo(200);
        Bundle bundle = parser().parseResource(Bundle.class, answer.body());
        assertThat(bundle.getType()).isEqualTo(Bundle.BundleType.SEARCHSET);
        return bundle.getEntry().stream()
                .map(entry -> (Appointment) entry.getResource())
                .toList();
    }

    private static Appointment wish(String placer, Appointment... places) {
        Appointment wish = new Appointment();
        wish.setStatus(Appointment.AppointmentStatus.BOOKED);
        wish.addIdentifier().setSystem(FhirDesk.PLACER).setValue(placer);
        Patient patient = new Patient();
        patient.addIdentifier().setSystem("http://hl7.it/sid/codiceFiscale").setValue("BGGLMR57B58L219T");
        patient.addName().setFamily("BOGGIO").addGiven("ELENA");
        patient.setBirthDateElement(new DateType("1957-02-18")).setGender(AdministrativeGender.FEMALE);
        wish.addParticipant().setActor(new Reference(patient)).setStatus(Appointment.ParticipationStatus.ACCEPTED);
        for (Appointment place : places) {
            wish.addServiceType(place.getServiceTypeFirstRep().copy());
            Slot slot = new Slot();
            slot.setSchedule(
                    ((Slot) place.getSlotFirstRep().getResource()).getSchedule().copy());
            slot.setStatus(Slot.SlotStatus.BUSY).setStart(place.getStart()).setEnd(place.getEnd());
            wish.addSlot(new Reference(slot));
        }
        wish.setStart(places[0].getStart()).setEnd(places[0].getEnd());
        return wish;
    }

    private static HttpResponse<String> book(Appointment wish) {
        return call(
                "POST",
                "Appointment",
                wish,
                "If-None-Exist",
                "identifier=" + FhirDesk.PLACER + "|"
                        + wish.getIdentifierFirstRep().getValue());
    }

    private static OperationOutcome.OperationOutcomeIssueComponent issue(HttpResponse<String> answer) {
        return parser().parseResource(OperationOutcome.class, answer.body()).getIssueFirstRep();
    }

    @Test
    void a_search_tells_where_when_and_how_much() {
        List<Appointment> places = free();

        assertThat(places).hasSize(20).allSatisfy(place -> {
            assertThat(place.getStatus()).isEqualTo(Appointment.AppointmentStatus.PROPOSED);
            assertThat(place.getServiceTypeFirstRep().getCodingFirstRep().getCode())
                    .isEqualTo(ECG);
            assertThat(((Slot) place.getSlotFirstRep().getResource())
                            .getSchedule()
                            .getIdentifier()
                            .getValue())
                    .startsWith("AG-213");
            assertThat(place.getParticipantFirstRep().getActor().getResource()).isNotNull();
            Money ticket = (Money) place.getExtensionByUrl("https://snodo.dev/fhir/booking/TICKET")
                    .getValue();
            assertThat(ticket.getValue()).isEqualByComparingTo("11.62");
        });
    }

    @Test
    void a_booking_is_made_found_moved_and_revoked() {
        List<Appointment> places = free();
        String placer = Desk.placer();

        HttpResponse<String> made = book(wish(placer, places.get(0), places.get(1)));
        assertThat(made.statusCode()).isEqualTo(201);
        Appointment booked = appointment(made);
        assertThat(booked.getStatus()).isEqualTo(Appointment.AppointmentStatus.BOOKED);
        assertThat(booked.getServiceType()).hasSize(2);
        assertThat(made.headers().firstValue("Location").orElse("")).endsWith("/fhir/Appointment/CUP213-000001");

        HttpResponse<String> asked =
                call("GET", "Appointment?identifier=" + FhirDesk.PLACER.replace(":", "%3A") + "%7C" + placer, null);
        assertThat(parser().parseResource(Bundle.class, asked.body()).getTotal())
                .isEqualTo(1);

        Appointment move = wish(placer, places.get(4), places.get(5));
        move.setId("CUP213-000001");
        assertThat(appointment(call("PUT", "Appointment/CUP213-000001", move)).getStart())
                .isEqualTo(places.get(4).getStart());
        assertThat(free())
                .extracting(Appointment::getStart)
                .contains(places.get(0).getStart());

        move.setStatus(Appointment.AppointmentStatus.CANCELLED);
        for (String path : List.of("Appointment/CUP213-000001", "Appointment?identifier=" + placer)) {
            assertThat(appointment(call("PUT", path, move)).getStatus())
                    .isEqualTo(Appointment.AppointmentStatus.CANCELLED);
        }
        assertThat(free()).extracting(Appointment::getStart).isEqualTo(starts(places));
    }

    private static List<Date> starts(List<Appointment> places) {
        return places.stream().map(Appointment::getStart).toList();
    }

    @Test
    void the_same_code_at_the_same_place_is_the_same_booking() {
        List<Appointment> places = free();
        String placer = Desk.placer();
        book(wish(placer, places.get(0)));

        HttpResponse<String> again = book(wish(placer, places.get(0)));
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(appointment(again).getIdPart()).isEqualTo("CUP213-000001");

        HttpResponse<String> elsewhere = book(wish(placer, places.get(1)));
        assertThat(elsewhere.statusCode()).isEqualTo(422);
        assertThat(issue(elsewhere).getDetails().getCodingFirstRep().getCode()).isEqualTo("CODICE-NOTO");
    }

    @Test
    void a_taken_place_is_a_conflict() {
        Appointment place = free().get(0);
        book(wish(Desk.placer(), place));

        HttpResponse<String> second = book(wish(Desk.placer(), place));

        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(issue(second).getExpression().get(0).getValue()).isEqualTo("Appointment.slot[0]");
    }

    @Test
    void of_two_hundred_who_want_one_place_exactly_one_gets_it() throws Exception {
        Appointment place = free().get(2);
        List<Callable<Integer>> wishes = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Appointment wish = wish(Desk.placer(), place);
            wishes.add(() -> book(wish).statusCode());
        }
        ExecutorService callers = Executors.newFixedThreadPool(20);
        List<Integer> answers = new ArrayList<>();
        try {
            for (Future<Integer> answer : callers.invokeAll(wishes)) {
                answers.add(answer.get());
            }
        } finally {
            callers.shutdownNow();
        }

        assertThat(answers).filteredOn(status -> status == 201).hasSize(1);
        assertThat(answers).filteredOn(status -> status == 409).hasSize(199);
    }

    @Test
    void what_no_cup_would_take_is_refused_and_named() {
        Appointment place = free().get(0);
        Appointment nameless = wish(Desk.placer(), place);
        ((Patient) nameless.getParticipantFirstRep().getActor().getResource())
                .getNameFirstRep()
                .setFamily(null);
        assertThat(issue(book(nameless)).getExpression().get(0).getValue()).isEqualTo("Patient.name");

        Appointment unknown = wish(Desk.placer(), place);
        unknown.getServiceTypeFirstRep().getCodingFirstRep().setCode("213-9999");
        assertThat(issue(book(unknown)).getExpression().get(0).getValue()).isEqualTo("Appointment.serviceType[0]");

        assertThat(call("PUT", "Appointment/CUP213-000099", wish(Desk.placer(), place))
                        .statusCode())
                .isEqualTo(404);
        assertThat(call("GET", "Patient", null).statusCode()).isEqualTo(404);
        HttpRequest.Builder text = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + desk.port("213") + "/fhir/Appointment"))
                .header("Content-Type", "application/fhir+json")
                .POST(HttpRequest.BodyPublishers.ofString("{"));
        assertThat(desk.send(text).statusCode()).isEqualTo(400);
        assertThat(desk.get("/cup/213/state").path("bookings")).isEmpty();
    }

    @Test
    void it_misbehaves_like_the_others() {
        List<Appointment> places = free();
        desk.post(
                "/cup/213/rules",
                "[{\"operation\":\"BOOK\",\"error\":{\"status\":503,\"text\":\"Fuori servizio\"}},"
                        + "{\"operation\":\"BOOK\",\"taken\":true}]");
        HttpResponse<String> refused = book(wish(Desk.placer(), places.get(0)));
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(issue(refused).getDetails().getText()).isEqualTo("Fuori servizio");
        assertThat(book(wish(Desk.placer(), places.get(0))).statusCode()).isEqualTo(409);
        assertThat(book(wish(Desk.placer(), places.get(1))).statusCode()).isEqualTo(201);

        desk.post("/cup/213/down", "");
        assertThat(desk.get("/cup/213/state").path("up").asBoolean()).isFalse();
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> call("GET", "Appointment/CUP213-000001", null))
                .hasRootCauseInstanceOf(java.nio.channels.ClosedChannelException.class)
                .hasCauseInstanceOf(java.net.ConnectException.class);
        desk.post("/cup/213/up", "");
        assertThat(appointment(call("GET", "Appointment/CUP213-000001", null)).getStart())
                .isEqualTo(places.get(1).getStart());
    }
}
