package it.snodo.booking.cup;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.model.GenericMessage;
import ca.uhn.hl7v2.model.Group;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.model.Structure;
import ca.uhn.hl7v2.util.Terser;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingFact;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.BookingRequest.Requester;
import it.snodo.booking.Slot;
import it.snodo.booking.Update;
import it.snodo.booking.catalogue.CupAzienda;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the hub sends to a CUP, as another vendor's reader sees it: HAPI, with its default rules. */
class WrittenTest {

    private static Cups cups;
    private static DefaultHapiContext hapi;

    @BeforeAll
    static void open() {
        cups = new Cups();
        hapi = new DefaultHapiContext();
        hapi.setValidationContext(ValidationContextFactory.defaultValidation());
    }

    @AfterAll
    static void shut() throws Exception {
        cups.close();
        hapi.close();
    }

    private static CupAzienda azienda(String profile, String version, String... quirks) {
        return Sample.azienda(profile, "127.0.0.1", 1, version, null, null, quirks);
    }

    private static String written(CupAzienda azienda, Booking booking, Operation operation, String reason) {
        return new String(cups.port.command(azienda, booking, operation, "SN0001", reason), StandardCharsets.UTF_8);
    }

    private static Message strict(String text) {
        try {
            Message message = hapi.getPipeParser().parse(text);
            assertThat(message).as("structure known").isNotInstanceOf(GenericMessage.class);
            List<String> strange = new ArrayList<>();
            nonStandard(message, strange);
            assertThat(strange).as("segments where the structure has none").isEmpty();
            return message;
        } catch (Exception e) {
            throw new AssertionError(text.replace('\r', '\n'), e);
        }
    }

    private static void nonStandard(Group group, List<String> found) throws Exception {
        for (String name : group.getNames()) {
            if (group instanceof ca.uhn.hl7v2.model.AbstractGroup any
                    && any.getNonStandardNames().contains(name)) {
                found.add(name);
            }
            for (Structure each : group.getAll(name)) {
                if (each instanceof Group inner) {
                    nonStandard(inner, found);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SIU,2.3", "SIU,2.3.1", "SIU,2.4", "SIU,2.5", "SIU,2.5.1",
        "SRM,2.3", "SRM,2.3.1", "SRM,2.4", "SRM,2.5", "SRM,2.5.1",
        "OMG,2.4", "OMG,2.5", "OMG,2.5.1"
    })
    void every_command_of_every_version_is_understood_by_hapi(String profile, String version) {
        for (Operation operation : Operation.values()) {
            if (operation != Operation.REPRINT) {
                strict(written(
                        azienda(profile, version),
                        Sample.booking(Sample.patient("+39 011 5661566"), "CUP301-1"),
                        operation,
                        "Il paziente è in viaggio"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"BOOK,S12", "MOVE,S13", "CHANGE,S14", "REVOKE,S15", "DELETE,S17"})
    void siu_events_have_one_structure(Operation operation, String event) {
        assertThat(written(azienda("SIU", null), Sample.booking(), operation, null))
                .contains("|SIU^" + event + "^SIU_S12|SN0001|P|2.5|");
    }

    @ParameterizedTest
    @CsvSource({"BOOK,S01", "MOVE,S02", "CHANGE,S03", "REVOKE,S04", "DELETE,S06"})
    void srm_events_have_one_structure(Operation operation, String event) {
        assertThat(written(azienda("SRM", null), Sample.booking(), operation, null))
                .contains("|SRM^" + event + "^SRM_S01|SN0001|P|2.5|");
    }

    @Test
    void the_siu_follows_the_italian_conventions() throws Exception {
        Terser siu = new Terser(strict(written(azienda("SIU", null), Sample.booking(), Operation.BOOK, null)));
        assertThat(siu.get("/MSH-6")).isEqualTo("010301");
        assertThat(siu.get("/MSH-17")).isEqualTo("ITA");
        assertThat(siu.get("/MSH-18")).isEqualTo("UNICODE UTF-8");
        assertThat(siu.get("/MSH-21-1")).isEqualTo("SOVRACUP_SIU");
        assertThat(List.of(siu.get("/SCH-1-1"), siu.get("/SCH-1-2"), siu.get("/SCH-1-3"), siu.get("/SCH-1-4")))
                .containsExactly("SC2026000123", "SOVRACUP", "2.16.840.1.113883.2.9.2.10.4.13.1", "ISO");
        assertThat(siu.get("/SCH-26-1")).isEqualTo("010A01234567890");
        assertThat(siu.get("/SCH-26-2")).isEqualTo("NRE");
        assertThat(siu.get("/SCH-4-1")).isEqualTo("010A01234567890");
        assertThat(siu.get("/SCH-5")).isEqualTo("AG-CAR-01");
        assertThat(siu.get("/SCH-11-4")).isEqualTo("20261210093000+0100");
        assertThat(siu.get("/SCH-11-5")).isEqualTo("20261210095000+0100");
        assertThat(siu.get("/TQ1-7")).isEqualTo("20261210093000+0100");
        assertThat(siu.get("/TQ1-9(0)-1")).isEqualTo("TD10");
        assertThat(siu.get("/TQ1-9(1)-1")).isEqualTo("B");
        assertThat(siu.get("/TQ1-9(1)-3")).isEqualTo("99UBDP");
        assertThat(siu.get("/PATIENT/PID-3(0)-1")).isEqualTo("RSSMRA80A41L219W");
        assertThat(siu.get("/PATIENT/PID-3(0)-5")).isEqualTo("NNITA");
        assertThat(siu.get("/PATIENT/PID-5-1")).isEqualTo("ROSSI D'ESTE");
        assertThat(siu.get("/PATIENT/PID-5-2")).as("escaped").isEqualTo("MARIA|PIA");
        assertThat(siu.get("/PATIENT/PID-11-9")).isEqualTo("001272");
        assertThat(siu.get("/PATIENT/PD1-4-1")).isEqualTo("VRDLGU60A01L219X");
        assertThat(siu.get("/PATIENT/PV1-8-1")).isEqualTo("VRDLGU60A01L219X");
        assertThat(siu.get("/PATIENT/DG1-4")).isEqualTo("Cardiopalmo: è da un mese");
        assertThat(siu.get("/RESOURCES(1)/RGS-1")).isEqualTo("2");
        assertThat(siu.get("/RESOURCES(1)/SERVICE/AIS-3-1"))
                .as("the CUP's own code first")
                .isEqualTo("301-0010");
        assertThat(siu.get("/RESOURCES(1)/SERVICE/AIS-3-3")).isEqualTo("99CRP");
        assertThat(siu.get("/RESOURCES(1)/SERVICE/AIS-3-2")).isEqualTo("ECG & REFERTO");
        assertThat(siu.get("/RESOURCES(1)/SERVICE/AIS-3-4"))
                .as("and the one asked for")
                .isEqualTo("89.52");
        assertThat(siu.get("/RESOURCES(1)/SERVICE/AIS-3-6")).isEqualTo("99NTR");
        assertThat(siu.get("/RESOURCES(1)/SERVICE/AIS-4")).isEqualTo("20261210095000+0100");
        assertThat(siu.get("/RESOURCES(1)/GENERAL_RESOURCE/AIG-3")).isEqualTo("AG-CAR-01");
        assertThat(siu.get("/RESOURCES/LOCATION_RESOURCE/AIL-3-4-1")).isEqualTo("010012");
        assertThat(siu.get("/RESOURCES/LOCATION_RESOURCE/AIL-3-6")).isEqualTo("C");
    }

    @Test
    void every_fact_of_the_booking_goes_along_and_none_of_the_caller() throws Exception {
        Terser siu = new Terser(strict(written(azienda("SIU", null), Sample.booking(), Operation.BOOK, null)));
        List<String> facts = new ArrayList<>();
        for (int i = 0; siu.get("/PATIENT/OBX(" + i + ")-3-1") != null; i++) {
            assertThat(siu.get("/PATIENT/OBX(" + i + ")-3-3")).isEqualTo(BookingFact.SYSTEM);
            facts.add(siu.get("/PATIENT/OBX(" + i + ")-3-1") + "=" + siu.get("/PATIENT/OBX(" + i + ")-5-1"));
        }
        assertThat(facts)
                .containsExactlyInAnyOrder(
                        "DTCOMP=20261120",
                        "TIPOPRE=SSN",
                        "TARIFFA=ESENTE",
                        "ESENZ=048",
                        "NONESENTE=N",
                        "CONTR=SSR",
                        "MODULO=M01",
                        "PRESCRITTORE=MMG",
                        "ASL=301",
                        "CATEGORIA=SSN",
                        "TESSERASCAD=20270531",
                        "CITTADINANZA=ITALIA");
    }

    @Test
    void what_modifies_says_so_of_each_service_and_resource() throws Exception {
        Terser moved = new Terser(strict(written(
                azienda("SIU", null), Sample.booking(Sample.patient("non fornito"), "C-1"), Operation.MOVE, "ferie")));
        assertThat(moved.get("/SCH-2-1")).isEqualTo("C-1");
        assertThat(moved.get("/SCH-6-2")).isEqualTo("ferie");
        assertThat(moved.get("/RESOURCES/RGS-2")).isEqualTo("U");
        assertThat(moved.get("/RESOURCES/SERVICE/AIS-2")).isEqualTo("U");
        Terser revoked =
                new Terser(strict(written(azienda("SRM", null), Sample.booking(), Operation.REVOKE, "non può venire")));
        assertThat(revoked.get("/ARQ-6-2")).isEqualTo("non può venire");
        assertThat(revoked.get("/RESOURCES/RGS-2")).isEqualTo("D");
        assertThat(written(azienda("SIU", null), Sample.booking(), Operation.BOOK, null))
                .contains("\rRGS|1\rAIS|1||");
    }

    @Test
    void the_srm_carries_the_same_in_its_own_places() throws Exception {
        Terser srm = new Terser(strict(written(azienda("SRM", null), Sample.booking(), Operation.BOOK, null)));
        assertThat(srm.get("/ARQ-1-1")).isEqualTo("SC2026000123");
        assertThat(srm.get("/ARQ-4-1")).isEqualTo("010A01234567890");
        assertThat(srm.get("/ARQ-24-1")).isEqualTo("010A01234567890");
        assertThat(srm.get("/ARQ-5")).isEqualTo("AG-CAR-01");
        assertThat(srm.get("/ARQ-12")).isEqualTo("B");
        assertThat(srm.get("/ARQ-15-1")).isEqualTo("VRDLGU60A01L219X");
        assertThat(srm.get("/RESOURCES/SERVICE/AIS-3-1")).isEqualTo("301-0004");
    }

    @Test
    void the_omg_has_an_order_for_each_service_and_the_recipe_in_obr_18() throws Exception {
        Terser omg = new Terser(strict(written(azienda("OMG", null), Sample.booking(), Operation.BOOK, null)));
        assertThat(omg.get("/ORDER(1)/ORC-1")).isEqualTo("NW");
        assertThat(omg.get("/ORDER(1)/ORC-2-1")).isEqualTo("SC2026000123#2");
        assertThat(omg.get("/ORDER(1)/ORC-4-1")).isEqualTo("SC2026000123");
        assertThat(omg.get("/ORDER(1)/OBR-4-1")).isEqualTo("301-0010");
        assertThat(omg.get("/ORDER(1)/OBR-18")).isEqualTo("010A01234567890");
        assertThat(omg.get("/ORDER(1)/TIMING/TQ1-7")).isEqualTo("20261210095000+0100");
        assertThat(omg.get("/ORDER/OBSERVATION/OBX-3-1")).isEqualTo("DTCOMP");
        assertThat(new Terser(strict(written(azienda("OMG", null), Sample.booking(), Operation.REVOKE, null)))
                        .get("/ORDER/ORC-1"))
                .isEqualTo("CA");
        assertThat(written(azienda("OMG", "2.3"), Sample.booking(), Operation.BOOK, null))
                .as("the message is younger than that")
                .contains("|P|2.4|");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.3", "2.3.1", "2.4", "2.5", "2.5.1"})
    void a_search_is_understood_and_does_not_say_who_it_is_for(String version) throws Exception {
        AvailabilityQuery query = new AvailabilityQuery(
                null,
                Sample.patient("non fornito"),
                Sample.booking().prescription(),
                List.of(),
                new Slot.Wish(
                        Sample.FIRST.toLocalDate(), Sample.FIRST.toLocalDate().plusDays(9), null, "010012", null),
                null,
                null);
        String text = SqmWriter.write(
                Dialect.of(azienda("SIU", version)),
                query,
                false,
                List.of(
                        new SqmWriter.Wanted("301-0004", "89.7A.3", "PRIMA VISITA CARDIOLOGICA"),
                        new SqmWriter.Wanted("301-0010", "89.52", "ECG")),
                "SQ1",
                20);
        Terser sqm = new Terser(strict(text));
        assertThat(sqm.get("/MSH-9-3")).as("2.3 has none").isEqualTo(version.equals("2.3") ? null : "SQM_S25");
        assertThat(sqm.get("/QRD-4")).isEqualTo("SQ1");
        assertThat(text)
                .contains("|20261210^20261219|B|")
                .contains("AIS|1||301-0004^PRIMA VISITA CARDIOLOGICA^99CRP^89.7A.3^")
                .contains("PID|1||SQ1^^^SOVRACUP&2.16.840.1.113883.2.9.2.10.4.13.1&ISO^U||ANONIMO^^^^^^S||19800101|F\r")
                .doesNotContain("RSSMRA80A41L219W")
                .doesNotContain("ROSSI");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.3", "2.4", "2.5"})
    void district_and_question_of_a_service_go_along(String version) {
        String text = written(azienda("SIU", version), Sample.particular(), Operation.BOOK, null);
        strict(text);
        if (version.equals("2.3")) {
            assertThat(text)
                    .contains("NTE|1|P|LATO=R\rNTE|2|P|DIST=ginocchio\rNTE|3|P|QUES=Gonalgia \\T\\ versamento\r");
        } else {
            assertThat(text).contains("|R^^99LATO~ginocchio^^99DIST~Gonalgia \\T\\ versamento^^99QUES\r");
        }
        assertThat(written(azienda("FHIR", null), Sample.particular(), Operation.BOOK, null))
                .contains("{\"text\":\"ginocchio\"}")
                .contains("\"reasonCode\":[{\"text\":\"Gonalgia & versamento\"}");
    }

    @Test
    void a_place_of_unknown_length_is_booked_with_its_time() {
        String text = written(azienda("FHIR", null), Sample.particular(), Operation.BOOK, null);
        assertThat(text).doesNotContain("minutesDuration");
        org.hl7.fhir.r4.model.Appointment sent = ca.uhn.fhir.context.FhirContext.forR4Cached()
                .newJsonParser()
                .parseResource(org.hl7.fhir.r4.model.Appointment.class, text);
        assertThat(sent.getStart().toInstant()).isEqualTo(Sample.FIRST.toInstant());
        assertThat(sent.getEnd()).isEqualTo(sent.getStart());
        assertThat(sent.getContained())
                .filteredOn(each -> each instanceof org.hl7.fhir.r4.model.Slot)
                .hasSize(2)
                .allMatch(each -> ((org.hl7.fhir.r4.model.Slot) each).hasEnd());
    }

    @Test
    void no_telephone_is_said_where_each_version_looks_for_it() {
        Booking without = Sample.booking(Sample.patient("non fornito"), null);
        assertThat(written(azienda("SIU", "2.3"), without, Operation.BOOK, null))
                .as("XTN-1 wants an American number there")
                .contains("|^PRN^PH^^^^^^non fornito|");
        assertThat(written(azienda("SIU", "2.3", "PHONE_XTN1"), without, Operation.BOOK, null))
                .contains("|non fornito^PRN^PH|");
        assertThat(written(azienda("SIU", "2.5"), without, Operation.BOOK, null))
                .contains("|non fornito^PRN^PH^^^^^^^^^non fornito|");
        assertThat(written(azienda("SIU", "2.6"), without, Operation.BOOK, null))
                .contains("|^PRN^PH^^^^^^^^^non fornito|");
        assertThat(written(azienda("SIU", "2.6", "PHONE_XTN1"), without, Operation.BOOK, null))
                .contains("|non fornito^PRN^PH^^^^^^^^^non fornito|");
    }

    @Test
    void a_telephone_that_is_no_number_is_not_lost() {
        Booking words = Sample.booking(Sample.patient("presso la figlia"), null);
        assertThat(written(azienda("SIU", "2.5"), words, Operation.BOOK, null))
                .contains("|presso la figlia^PRN^PH^^^^^^^^^presso la figlia|");
        assertThat(written(azienda("SIU", "2.6"), words, Operation.BOOK, null))
                .contains("|^PRN^PH^^^^^^^^^presso la figlia|");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIU", "SRM", "OMG"})
    void a_person_without_any_identifier_has_the_bookings_code_in_its_place(String profile) {
        Patient nobody = new Patient(
                null, null, null, null, "DOE", "JANE", null, "F", null, null, null, List.of("non fornito"), null, null);
        assertThat(written(azienda(profile, null), Sample.booking(nobody, null), Operation.BOOK, null))
                .contains("PID|1||SC2026000123^^^SOVRACUP&2.16.840.1.113883.2.9.2.10.4.13.1&ISO^U||DOE^JANE|");
        assertThat(written(azienda("FHIR", null), Sample.booking(nobody, null), Operation.BOOK, null))
                .contains("\"identifier\":[{\"use\":\"temp\",\"system\":\"urn:oid:2.16.840.1.113883.2.9.2.10.4.13.1\","
                        + "\"value\":\"SC2026000123\"}]");
        assertThat(written(azienda(profile, null), Sample.booking(), Operation.BOOK, null))
                .doesNotContain("&ISO^U");
    }

    @Test
    void a_row_may_ask_for_its_own_ways() {
        CupAzienda odd = Sample.azienda(
                "SIU", "127.0.0.1", 1, "2.3.1", "8859/1", null, "TS_LOCAL", "ORIGINAL_MODE", "PHONE_XTN1");
        byte[] bytes = cups.port.command(odd, Sample.booking(), Operation.BOOK, "SN0001", null);
        String text = new String(bytes, Charset.forName("ISO-8859-1"));
        assertThat(text)
                .contains("|P|2.3.1|||||IT|8859/1\r")
                .contains("|20261210093000|")
                .contains("011 5661566^PRN^PH^^^^0115661566")
                .contains("Cardiopalmo: è da un mese");
        assertThat(written(azienda("SIU", null, "NO_MSH18"), Sample.booking(), Operation.BOOK, null))
                .contains("|NE|AL|ITA||||SOVRACUP_SIU^");
    }

    @Test
    void who_asks_and_where_is_told() throws Exception {
        Booking asked = Sample.booking().askedBy(new Requester(null, null, "OP017", "SP-101-03", null, null));
        Terser siu = new Terser(strict(written(azienda("SIU", null), asked, Operation.BOOK, null)));
        assertThat(siu.get("/SCH-20-1")).isEqualTo("OP017");
        assertThat(siu.get("/SCH-22-1")).isEqualTo("SP-101-03");
        Terser srm = new Terser(strict(written(azienda("SRM", null), asked, Operation.MOVE, null)));
        assertThat(srm.get("/ARQ-19-1")).isEqualTo("OP017");
        assertThat(srm.get("/ARQ-21-1")).isEqualTo("SP-101-03");
        Terser omg = new Terser(strict(written(azienda("OMG", null), asked, Operation.BOOK, null)));
        assertThat(omg.get("/ORDER/ORC-10-1")).isEqualTo("OP017");
        assertThat(omg.get("/ORDER/ORC-13-1")).isEqualTo("SP-101-03");
        assertThat(written(azienda("FHIR", null), asked, Operation.BOOK, null))
                .contains("requester.operator", "OP017", "requester.desk", "SP-101-03");
        Terser nobody = new Terser(strict(written(azienda("SIU", null), Sample.booking(), Operation.BOOK, null)));
        assertThat(nobody.get("/SCH-20-1")).isEqualTo("SOVRACUP");
    }

    @Test
    void an_order_has_district_side_and_question_of_its_service() throws Exception {
        Terser omg = new Terser(strict(written(azienda("OMG", null), Sample.particular(), Operation.BOOK, null)));
        assertThat(omg.get("/ORDER/OBR-15-3")).isEqualTo("ginocchio");
        assertThat(omg.get("/ORDER/OBR-15-4")).isEqualTo("R");
        assertThat(omg.get("/ORDER/OBR-31-2")).isEqualTo("Gonalgia & versamento");
    }

    @Test
    void who_lives_abroad_has_the_state_there() throws Exception {
        Patient abroad = Update.over(
                Sample.patient("non fornito"),
                new Patient(null, null, null, null, null, null, null, null, null, "215", null, null, null, null),
                Patient.class);
        Terser siu =
                new Terser(strict(written(azienda("SIU", null), Sample.booking(abroad, null), Operation.BOOK, null)));
        assertThat(siu.get("/PATIENT/PID-11-6")).isEqualTo("215");
        assertThat(siu.get("/PATIENT/PID-11-3")).isNull();
        assertThat(siu.get("/PATIENT/PID-11-9")).isNull();
        assertThat(written(azienda("FHIR", null), Sample.booking(abroad, null), Operation.BOOK, null))
                .contains("\"country\":\"215\"")
                .doesNotContain("\"city\"");
    }
}
